"""Assigning to moto's internals, which have no plug-in interface and may be renamed."""

from typing import Any


def override(owner: Any, name: str, value: Any) -> None:
    """Replace an attribute that must exist; AttributeError once moto has renamed it."""
    if not hasattr(owner, name):
        raise AttributeError(f"{owner!r} has no {name!r}: moto has changed")
    setattr(owner, name, value)
