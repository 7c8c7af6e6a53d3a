"""What moto finds out again and again, found out once. No answer changes by it."""

import json
from functools import lru_cache
from typing import Any

from moto.cloudformation.models import Stack
from moto.core import responses
from moto.core.base_backend import BackendDict
from moto.core.common_models import BaseModel
from moto.moto_server import werkzeug_app
from moto.s3.models import FakeKey, FakeMultipart

_method_names = lru_cache(maxsize=None)(responses.method_names_from_class)
_account: Any = BackendDict.__getitem__


def _known_account(self: Any, account_id: str) -> Any:
    """One look where moto walks through all backends with each access."""
    found = self.get(account_id)
    return _account(self, account_id) if found is None else found


_reset: Any = BackendDict.reset


def _reset_all() -> None:
    """moto's own, and then what the end of one service made anew in another, which nobody would
    list any more.
    """
    used = list(BackendDict._instances)  # type: ignore[misc]
    _reset()
    for each in used:
        each.clear()


_tracked: Any = BaseModel.__new__


def _untracked(cls: Any, *_: Any, **__: Any) -> Any:
    """moto keeps a list of all that it ever made for a page that the box does not have."""
    return super(BaseModel, cls).__new__(cls)


_parse: Any = Stack.parse_template


def _parse_template(template: str) -> Any:
    """JSON is YAML too, but YAML takes a hundred times as long to read."""
    try:
        return json.loads(template)
    except ValueError:
        return _parse(template)


def install() -> None:
    """Remember which methods a class has; send no CORS headers, as AWS sends none."""
    backends: Any = BackendDict
    backends.__getitem__ = _known_account
    backends.reset = staticmethod(_reset_all)
    _method_names.cache_clear()
    responses.method_names_from_class = _method_names
    werkzeug_app.DISABLE_GLOBAL_CORS = True
    model: Any = BaseModel
    model.__new__ = _untracked
    kinds: tuple[Any, ...] = (FakeKey, FakeMultipart)
    for kind in kinds:  # their files are closed by that list
        kind.__new__ = _tracked
    stack: Any = Stack
    stack.parse_template = staticmethod(_parse_template)
