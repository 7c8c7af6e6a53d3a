"""What Logs Insights computes for a row: comparisons, calculations, functions."""

import ipaddress
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

Row = dict[str, Any]
Evaluate = Callable[[Row], Any]

PERIODS = {
    "ms": 1,
    "s": 1000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
    "mo": 2_592_000_000,
    "q": 7_776_000_000,
    "y": 31_536_000_000,
}


class Moment(int):
    """A time in milliseconds; it is shown as a date."""

    def __str__(self) -> str:
        moment = datetime.fromtimestamp(int(self) / 1000, UTC)
        return f"{moment:%Y-%m-%d %H:%M:%S}.{int(self) % 1000:03d}"


def number(value: Any) -> float | int | None:
    """A value as a number, if it is one."""
    if isinstance(value, int | float):
        return value
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(found):
        return None
    return int(found) if found.is_integer() and abs(found) < 1e15 else found


def order(value: Any) -> tuple[int, Any]:
    """A sort key: nothing, then numbers, then text."""
    if value is None:
        return 0, 0
    found = number(value)
    return (2, str(value)) if found is None else (1, found)


def shown(value: Any) -> str:
    """A value as results carry it."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.4f}".rstrip("0")
    return str(value)


def period(text: str) -> int:
    """`5m` in milliseconds."""
    match = re.fullmatch(r"(\d+)(\w+)", text)
    return int(match[1]) * PERIODS[match[2]] if match else 0


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, two: one == two,
    "==": lambda one, two: one == two,
    "!=": lambda one, two: one != two,
    "<": lambda one, two: one < two,
    "<=": lambda one, two: one <= two,
    ">": lambda one, two: one > two,
    ">=": lambda one, two: one >= two,
}


def compare(word: str, left: Evaluate, right: Evaluate) -> Evaluate:
    """Numbers as numbers, the rest as text; a missing value equals nothing."""
    order = _ORDER[word]

    def test(row: Row) -> bool:
        one, two = left(row), right(row)
        if one is None or two is None:
            return False
        if isinstance(one, str) and isinstance(two, str) and word in ("=", "==", "!="):
            return order(one, two)
        first, second = number(one), number(two)
        if first is None or second is None:
            return order(str(one), str(two))
        return order(first, second)

    return test


def like(left: Evaluate, pattern: str | re.Pattern[str]) -> Evaluate:
    """Part of the text, or a regular expression somewhere in it."""
    if isinstance(pattern, str):
        return lambda row: (value := left(row)) is not None and pattern in str(value)
    return lambda row: (value := left(row)) is not None and bool(pattern.search(str(value)))


def arithmetic(word: str, left: Evaluate, right: Evaluate) -> Evaluate:
    """A calculation; nothing comes of what is no number, or of a division by zero."""

    def value(row: Row) -> Any:
        one, two = number(left(row)), number(right(row))
        if one is None or two is None or (word in "/%" and two == 0):
            return None
        return _CALCULATE[word](one, two)

    return value


_CALCULATE: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda one, two: one + two,
    "-": lambda one, two: one - two,
    "*": lambda one, two: one * two,
    "/": lambda one, two: one / two,
    "%": lambda one, two: one % two,
    "^": lambda one, two: one**two,
}


def _address(value: Any) -> Any:
    try:
        return ipaddress.ip_address(str(value))
    except ValueError:
        return None


def _in_subnet(value: Any, subnet: Any, version: int = 0) -> bool:
    address = _address(value)
    try:
        network = ipaddress.ip_network(str(subnet), strict=False)
    except ValueError:
        return False
    same = address is not None and address.version == network.version
    return same and version in (0, network.version) and address in network


def _is_ip(version: int) -> Callable[[Any], bool]:
    return lambda value: (found := _address(value)) is not None and version in (0, found.version)


def _math(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if (found := number(value)) is None else function(found)


def _text(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda value, *rest: None if value is None else function(str(value), *rest)


def _floor(value: Any, step: Any, up: bool = False) -> Any:
    if value is None or not step:
        return None
    return Moment(
        -(-int(value) // int(step)) * int(step) if up else int(value) // int(step) * int(step)
    )


def _part(value: str, start: Any, length: Any = None) -> str:
    return value[int(start) :] if length is None else value[int(start) : int(start) + int(length)]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ispresent": lambda value: value is not None,
    "isempty": lambda value: value in (None, ""),
    "isblank": lambda value: value is None or not str(value).strip(),
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "isvalidip": _is_ip(0),
    "isvalidipv4": _is_ip(4),
    "isvalidipv6": _is_ip(6),
    "isipinsubnet": _in_subnet,
    "isipv4insubnet": lambda value, subnet: _in_subnet(value, subnet, 4),
    "isipv6insubnet": lambda value, subnet: _in_subnet(value, subnet, 6),
    "isvalidipinsubnet": _in_subnet,
    "strlen": _text(len),
    "toupper": _text(str.upper),
    "tolower": _text(str.lower),
    "trim": _text(str.strip),
    "ltrim": _text(str.lstrip),
    "rtrim": _text(str.rstrip),
    "replace": _text(lambda value, old, new: value.replace(str(old), str(new))),
    "strcontains": _text(lambda value, part: str(part) in value),
    "substr": _text(_part),
    "concat": lambda *values: "".join("" if value is None else shown(value) for value in values),
    "abs": _math(abs),
    "ceil": _math(math.ceil),
    "floor": _math(math.floor),
    "log": _math(lambda value: math.log(value) if value > 0 else None),
    "sqrt": _math(lambda value: math.sqrt(value) if value >= 0 else None),
    "greatest": lambda *values: max(
        (found for each in values if (found := number(each)) is not None), default=None
    ),
    "least": lambda *values: min(
        (found for each in values if (found := number(each)) is not None), default=None
    ),
    "datefloor": _floor,
    "dateceil": lambda value, step: _floor(value, step, True),
    "frommillis": lambda value: None if value is None else Moment(value),
    "tomillis": lambda value: None if value is None else int(value),
}
