"""Dynamic entities: names that the skill taught Alexa for one user, for half an hour."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sandbox.alexa.resolution import Catalog, dynamic_catalog

_LIVE = timedelta(minutes=30)


class DynamicEntities:
    """The dynamic catalogs of all users."""

    def __init__(self, skill_id: str, now: Callable[[], datetime]) -> None:
        self._skill_id, self._now = skill_id, now
        self._taught: dict[str, tuple[datetime, Catalog]] = {}

    def update(self, user: str, directive: dict[str, Any]) -> None:
        """Obey one UpdateDynamicEntities directive."""
        self._taught.pop(user, None)
        if directive["updateBehavior"] == "REPLACE":
            catalog = dynamic_catalog(self._skill_id, directive.get("types") or [])
            self._taught[user] = (self._now() + _LIVE, catalog)

    def of(self, user: str) -> list[Catalog]:
        """The catalog that still lives for this user, if any."""
        until, catalog = self._taught.get(user, (None, None))
        return [catalog] if until and catalog and self._now() < until else []
