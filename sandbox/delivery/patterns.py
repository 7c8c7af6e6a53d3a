"""EventBridge event patterns: which ones PutRule accepts and which events they match.

Semantics: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html and
https://github.com/aws/event-ruler, the engine of the service. Two of them surprise: every operator,
`exists` too, sees leaves only, and all keys of a pattern that lead into one array of objects must
be satisfied by the same element of it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from sandbox.delivery.matchers import MATCHERS, Accepts, PatternError, test_of

Place = tuple[tuple[int, int], ...]
"""The elements that a leaf sits in: (identity, index) of each array of objects above it."""

MAX_ALTERNATIVES = 1000


@dataclass(frozen=True)
class Condition:
    """One key path of a pattern: the leaf satisfies a test, or is missing where `absent` allows."""

    path: str
    tests: tuple[Accepts, ...]
    absent: bool

    def places(self, fields: dict[str, list[tuple[Any, Place]]]) -> list[Place]:
        """Where in the event this condition holds; nowhere if the list is empty."""
        found = fields.get(self.path)
        if found is None:
            return [()] if self.absent else []
        fitting = (place for value, place in found if any(test(value) for test in self.tests))
        return list(dict.fromkeys(fitting))


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern: one of the alternatives (`$or` makes several) must match whole."""

    alternatives: tuple[tuple[Condition, ...], ...]

    def matches(self, event: Any) -> bool:
        """Whether the event, as parsed JSON, matches."""
        fields: dict[str, list[tuple[Any, Place]]] = {}
        for path, value, place in _leaves(event):
            fields.setdefault(path, []).append((value, place))
        return any(
            _together([condition.places(fields) for condition in conditions], {})
            for conditions in self.alternatives
        )


def compile_pattern(pattern: str | dict[str, Any]) -> Pattern:
    """Check a pattern (JSON text or parsed); raise `PatternError` if it is malformed."""
    parsed = _parse(pattern) if isinstance(pattern, str) else pattern
    if not isinstance(parsed, dict):
        raise PatternError("Filter is not an object")
    return Pattern(tuple(_alternatives(parsed, "")))


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise PatternError("Invalid JSON") from error


def _leaves(node: Any, path: str = "", place: Place = ()) -> Iterator[tuple[str, Any, Place]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, f"{path}.{key}" if path else key, place)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            nested = isinstance(value, dict | list)
            yield from _leaves(value, path, (*place, (id(node), index)) if nested else place)
    else:
        yield path, node, place


def _together(candidates: list[list[Place]], chosen: dict[int, int]) -> bool:
    """Whether each condition can take a place so that no array is entered at two elements."""
    if not candidates:
        return True
    return any(
        all(chosen.get(array, index) == index for array, index in place)
        and _together(candidates[1:], chosen | dict(place))
        for place in candidates[0]
    )


def _alternatives(node: dict[str, Any], path: str) -> list[tuple[Condition, ...]]:
    if not node:
        raise PatternError("Empty objects are not allowed")
    parts = [_part(key, value, path) for key, value in node.items()]
    size = 1
    for part in parts:
        size *= len(part)
    if size > MAX_ALTERNATIVES:
        raise PatternError("Rule is too complex - try using fewer $or conditions")
    return [sum(choice, ()) for choice in product(*parts)]


def _part(key: str, value: Any, path: str) -> list[tuple[Condition, ...]]:
    if key == "$or" and _is_or(value):
        return [conditions for item in value for conditions in _alternatives(item, path)]
    path = f"{path}.{key}" if path else key
    if isinstance(value, dict):
        return _alternatives(value, path)
    if not isinstance(value, list):
        raise PatternError(f'"{key}" must be an object or an array')
    return [(_condition(path, value),)]


def _is_or(value: Any) -> bool:
    """`$or` is an ordinary key unless its value can only be meant as alternatives."""
    if not isinstance(value, list) or len(value) < 2:
        return False
    return all(isinstance(item, dict) and not MATCHERS.keys() & item.keys() for item in value)


def _condition(path: str, values: list[Any]) -> Condition:
    if not values:
        raise PatternError("Empty arrays are not allowed")
    absent = {"exists": False} in [value for value in values if isinstance(value, dict)]
    return Condition(path, tuple(test_of(value) for value in values), absent)
