"""Where AWS services leave the events that they would put on the default bus."""

from collections.abc import Callable
from typing import Any

Listener = Callable[[str, str, dict[str, Any], list[str], str, str], None]
LISTENERS: list[Listener] = []
"""Called with source, detail type, detail, resources, account and Region; must not block."""


def emit(
    source: str,
    detail_type: str,
    detail: dict[str, Any],
    resources: list[str],
    account: str,
    region: str,
) -> None:
    """Hand one service event to whoever delivers events."""
    for listener in LISTENERS:
        listener(source, detail_type, detail, resources, account, region)
