"""Dynamic entities: names that the skill taught Alexa for one user, for half an hour."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sandbox.alexa.language import Language
from sandbox.alexa.resolution import Catalog, dynamic_catalog

_LIVE = timedelta(minutes=30)


class DynamicEntities:
    """The dynamic catalogs of all users."""

    def __init__(self, skill_id: str, now: Callable[[], datetime]) -> None:
        self._skill_id, self._now = skill_id, now
        self._taught: dict[str, tuple[datetime, list[dict[str, Any]]]] = {}

    def update(self, user: str, directive: dict[str, Any]) -> None:
        """Obey one UpdateDynamicEntities directive."""
        self._taught.pop(user, None)
        if directive["updateBehavior"] == "REPLACE":
            self._taught[user] = (self._now() + _LIVE, directive.get("types") or [])

    def of(self, user: str, language: Language) -> list[Catalog]:
        """The catalog that still lives for this user, if any, as the language says its names."""
        until, types = self._taught.get(user, (None, []))
        alive = until and self._now() < until
        return [dynamic_catalog(self._skill_id, types, language)] if alive else []
