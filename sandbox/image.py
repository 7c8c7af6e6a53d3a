"""The world as it was loaded, kept as bytes, so that a reset need not deploy and load it again.

Everything that moto and its extensions know is in moto's backends, and the order of ids in its
source of randomness: both are kept. A world is full of times that are relative to the moment of its
making, so an image that is older than three minutes is not used: then the world is made anew.
"""

import io
import pickle
import sys
import threading
import time
import types
from collections import OrderedDict
from collections.abc import Callable
from operator import getitem
from typing import Any
from weakref import WeakValueDictionary

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.core.model_instances import reset_model_data
from moto.logs.models import LogStream
from moto.moto_api._internal import mock_random
from moto.s3.models import s3_backends

from sandbox.runtime.calls import MOTO

BEST_BEFORE = 180.0


class _Lines(tuple[Any, ...]):
    """The events of a log stream. More may follow them; they never change."""


_SHARED = (type, types.ModuleType, types.CodeType, RSAPrivateKey, BackendDict, _Lines)
"""What never changes, or is no part of a world: the copy has the same one."""
_LOCKS = {type(threading.Lock()): threading.Lock, type(threading.RLock()): threading.RLock}
SHARED = object()
"""Stands for the list of what an image shares with the world, which is not in its bytes."""
Place = tuple[BackendDict[Any], str, str, Any]


class Image:
    """One world as it was at one moment."""

    def __init__(self) -> None:
        self._bytes, self._shared, self._made = b"", list[Any](), -BEST_BEFORE

    @property
    def is_good(self) -> bool:
        """Whether the world was taken, and not long ago."""
        return time.monotonic() < self._made + BEST_BEFORE

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self._bytes)

    def take(self, made: float) -> None:
        """Keep the world of now, the making of which began at a moment of `time.monotonic`."""
        with MOTO:
            file, places = io.BytesIO(), list(_places())
            pickler = _Pickler(file)
            pickler.dump((mock_random.getstate(), places))
        self._bytes, self._shared, self._made = file.getvalue(), pickler.shared, made

    def put_back(self) -> None:
        """Make the world what it was."""
        with MOTO:
            empty()
            state, places = _Unpickler(io.BytesIO(self._bytes), self._shared).load()
            mock_random.setstate(state)
            for backends, account, region, backend in places:
                dict.__setitem__(backends[account], region, backend)


def empty() -> None:
    """Forget all of moto's state.

    Its own reset makes each backend anew, which takes long. It also lets one backend's end make
    another, and what is left over then makes no default ids after the seed, so all others differ.
    """
    for regions in list(s3_backends.values()):
        regions.reset()  # its objects are open files
    used = list(BackendDict._instances)  # type: ignore[misc]
    BackendDict._instances.clear()  # type: ignore[misc]
    for backends in used:
        for _, _, backend in list(backends.iter_backends()):
            vars(backend).clear()  # it is in all its things: now they go without a collection
        backends.clear()
    reset_model_data()


def _places() -> list[Place]:
    return [
        (backends, account, region, backend)
        for backends in BackendDict._instances  # type: ignore[misc]
        for account, region, backend in backends.iter_backends()
    ]


class _Pickler(pickle.Pickler):
    """Pickles also what pickle cannot: local functions, locks, and dictionaries with rules."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.shared: list[Any] = [MOTO, mock_random]
        self._numbers = {id(each): number for number, each in enumerate(self.shared)}

    def _number(self, thing: Any) -> int | None:
        """The number of what is not copied."""
        number = self._numbers.get(id(thing))
        if number is None and isinstance(thing, _SHARED):
            number = self._numbers[id(thing)] = len(self.shared)
            self.shared.append(thing)
        return number

    def reducer_override(self, thing: Any) -> Any:
        """How to make a thing anew, where pickle does not know."""
        number = self._number(thing)
        if number is not None:
            return getitem, (SHARED, number)
        if thing is SHARED:
            return "SHARED"  # by its name: the one who unpickles has the things themselves
        if isinstance(thing, AccountSpecificBackend):
            raise pickle.PicklingError("the backends of an account are not part of any of them")
        return _made_anew(thing)


def _made_anew(thing: Any) -> Any:
    kind = type(thing)
    if kind in _LOCKS:
        return _LOCKS[kind], ()
    if kind is LogStream:
        return _bare, (kind,), _with_lines(thing), None, None, _refill_stream
    if isinstance(thing, WeakValueDictionary):
        return _bare, (kind,), list(thing.items()), None, None, _refill_weak
    if isinstance(thing, dict) and kind is not OrderedDict:
        return _bare, (kind,), _inside(thing), None, None, _refill
    if kind is types.FunctionType and "<" in thing.__qualname__:
        return _like, _outline(thing), _closed_over(thing), None, None, _close_over
    return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(file)
        self._shared = shared

    def find_class(self, module: str, name: str) -> Any:
        """What was not copied is looked up in the list of it."""
        return self._shared if name == "SHARED" else super().find_class(module, name)


def _bare(kind: Any) -> Any:
    """An instance without its own `__init__`, which may want arguments."""
    made = kind.__new__(kind)
    if isinstance(made, WeakValueDictionary):
        WeakValueDictionary.__init__(made)
    return made


def _inside(thing: dict[Any, Any]) -> tuple[Any, ...]:
    """What is really in a dictionary, whatever it says when it is asked."""
    factory = getattr(thing, "default_factory", None)
    return dict(dict.items(thing)), dict(getattr(thing, "__dict__", {})), factory


def _refill(thing: Any, inside: tuple[Any, ...]) -> None:
    items, attributes, factory = inside
    dict.update(thing, items)
    if attributes:
        thing.__dict__.update(attributes)
    if factory:
        thing.default_factory = factory


def _refill_weak(thing: Any, items: list[tuple[Any, Any]]) -> None:
    thing.update(items)


def _with_lines(stream: Any) -> dict[str, Any]:
    return vars(stream) | {"events": _Lines(stream.events)}


def _refill_stream(thing: Any, state: dict[str, Any]) -> None:
    vars(thing).update(state | {"events": list(state["events"])})


def _outline(function: Any) -> tuple[Any, ...]:
    return function.__code__, sys.modules[function.__module__], len(function.__closure__ or ())


def _like(code: types.CodeType, module: types.ModuleType, cells: int) -> Callable[..., Any]:
    closure = tuple(types.CellType() for _ in range(cells))
    return types.FunctionType(code, vars(module), None, None, closure)


def _closed_over(function: Any) -> tuple[Any, ...]:
    cells = [each.cell_contents for each in function.__closure__ or ()]
    return function.__defaults__, function.__kwdefaults__, cells


def _close_over(function: Any, state: tuple[Any, ...]) -> None:
    function.__defaults__, function.__kwdefaults__, cells = state
    for cell, content in zip(function.__closure__ or (), cells, strict=True):
        cell.cell_contents = content
