"""What moto finds out again and again, found out once. No answer changes by it."""

import json
from functools import lru_cache
from string import ascii_letters, digits
from typing import Any

from moto.cloudformation.models import Stack
from moto.core import responses
from moto.core.base_backend import BackendDict
from moto.core.common_models import BaseModel
from moto.core.serialize import AttributePickerContext, XFormedAttributePicker
from moto.ec2 import utils as ec2_utils
from moto.moto_api._internal import mock_random
from moto.moto_api._internal.moto_random import MotoRandom
from moto.moto_server import werkzeug_app
from moto.s3.models import FakeKey, FakeMultipart

_HEX = digits + "abcdef"
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


_possible_keys: Any = XFormedAttributePicker.get_possible_keys


def _known_keys(self: Any, context: AttributePickerContext) -> tuple[str, ...]:
    """Under which names a kind of thing may have what a member of an answer is made of.

    They are kept with the member: names depend on nothing but it, its parent and the kind.
    """
    member: Any = context.shape
    known = vars(member).setdefault("_names", {})
    which = type(context.obj), context.key, getattr(member, "parent", None)
    if which not in known:
        known[which] = tuple(_possible_keys(self, context))
    found: tuple[str, ...] = known[which]
    return found


_picked: Any = XFormedAttributePicker.__call__


def _pick(self: Any, context: AttributePickerContext) -> Any:
    """A dictionary has a name or not; moto tries each in four ways. Items of tables have many."""
    thing = context.obj
    if type(thing) is not dict or self.response_transformers:
        return _picked(self, context)
    return next((thing[name] for name in _known_keys(self, context) if name in thing), None)


def _random_string(
    self: Any, length: int = 20, include_digits: bool = True, lower_case: bool = False
) -> str:
    """What `choice` would draw one by one: every answer of moto has an id of 52 letters."""
    made = _drawn(self, ascii_letters + digits if include_digits else ascii_letters, length)
    return made.lower() if lower_case else made


def _random_hex(self: Any, length: int = 8) -> str:
    """The same for ids of hexadecimal digits."""
    return _drawn(self, _HEX, length)


def _random_resource_id(size: int = 8) -> str:
    """The same for EC2's ids: its machine images alone have three thousand."""
    return mock_random.get_random_hex(size)


def _drawn(source: Any, pool: str, length: int) -> str:
    size, bits, draw = len(pool), len(pool).bit_length(), source.getrandbits
    found: list[str] = []
    while len(found) < length:
        number = draw(bits)
        if number < size:
            found.append(pool[number])
    return "".join(found)


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
    picker: Any = XFormedAttributePicker
    picker.get_possible_keys, picker.__call__ = _known_keys, _pick
    source: Any = MotoRandom
    source.get_random_string, source.get_random_hex = _random_string, _random_hex
    ec2_utils.random_resource_id = _random_resource_id
    stack: Any = Stack
    stack.parse_template = staticmethod(_parse_template)
