"""The operators of EventBridge event patterns: each makes a test of one leaf value.

Semantics and limits: https://github.com/aws/event-ruler and the EventBridge user guide.
"""

import ipaddress
from collections.abc import Callable, Iterator
from typing import Any

Accepts = Callable[[Any], bool]

NUMERIC_LIMIT = 5.0e9
OPERATORS = {
    "=": lambda value, bound: value == bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
}


class PatternError(ValueError):
    """The pattern is malformed; the message is the reason that the service gives."""


def test_of(value: Any) -> Accepts:
    """The test that one element of a pattern's value list stands for."""
    if isinstance(value, list):
        raise PatternError("Match value must be String, number, true, false, or null")
    if not isinstance(value, dict):
        return _exactly(value)
    if len(value) != 1:
        raise PatternError("Only one key allowed in match expression")
    ((name, operand),) = value.items()
    if name not in MATCHERS:
        raise PatternError(f"Unrecognized match type {name}")
    return MATCHERS[name](operand)


def _exactly(wanted: Any) -> Accepts:
    # The service compares numbers by how they are written: 300 and 300.0 differ.
    return lambda value: type(value) is type(wanted) and bool(value == wanted)


def _exists(operand: Any) -> Accepts:
    if not isinstance(operand, bool):
        raise PatternError("exists match pattern must be either true or false.")
    return lambda value: operand


def _text(name: str, operand: Any) -> str:
    if not isinstance(operand, str):
        raise PatternError(f"{name} match pattern must be a string")
    return operand


def _folded(name: str, operand: Any) -> str | None:
    """The text of `{"equals-ignore-case": text}`, which prefix and suffix also take."""
    if not isinstance(operand, dict):
        return None
    if list(operand) != ["equals-ignore-case"]:
        raise PatternError(f"Unsupported {name} pattern")
    return _text(name, operand["equals-ignore-case"]).lower()


def _prefix(operand: Any) -> Accepts:
    folded = _folded("prefix", operand)
    if folded is not None:
        return lambda value: isinstance(value, str) and value.lower().startswith(folded)
    text = _text("prefix", operand)
    return lambda value: isinstance(value, str) and value.startswith(text)


def _suffix(operand: Any) -> Accepts:
    folded = _folded("suffix", operand)
    if folded is not None:
        return lambda value: isinstance(value, str) and value.lower().endswith(folded)
    text = _text("suffix", operand)
    return lambda value: isinstance(value, str) and value.endswith(text)


def _ignore_case(operand: Any) -> Accepts:
    text = _text("equals-ignore-case", operand).lower()
    return lambda value: isinstance(value, str) and value.lower() == text


def _wildcard(operand: Any) -> Accepts:
    parts = _wildcard_parts(_text("wildcard", operand))
    return lambda value: isinstance(value, str) and _in_order(value, parts)


def _wildcard_parts(text: str) -> list[str]:
    """The literal texts between the wildcards, escapes resolved."""
    parts, characters, after_star = [""], iter(text), False
    for character in characters:
        star = character == "*"
        if star and after_star:
            raise PatternError("Consecutive wildcard characters are not allowed")
        if star:
            parts.append("")
        else:
            parts[-1] += _unescaped(characters) if character == "\\" else character
        after_star = star
    return parts


def _unescaped(rest: Iterator[str]) -> str:
    character = next(rest, "")
    if character not in ("*", "\\"):
        raise PatternError("Invalid escape character in wildcard match")
    return character


def _in_order(value: str, parts: list[str]) -> bool:
    """The leftmost place of each part suffices: no backtracking, so no text makes it slow."""
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return value == first
    if not value.startswith(first) or not value.endswith(last):
        return False
    position, end = len(first), len(value) - len(last)
    for part in parts[1:-1]:
        position = value.find(part, position, max(end, 0))
        if position < 0:
            return False
        position += len(part)
    return position <= end


def _anything_but(operand: Any) -> Accepts:
    if isinstance(operand, dict):
        return _none_of(_negated_tests(operand))
    values = operand if isinstance(operand, list) else [operand]
    texts = all(isinstance(value, str) for value in values)
    if not values or not (texts or all(_is_number(value) for value in values)):
        raise PatternError("Inside anything but list, either all values are number or string")
    return lambda value: isinstance(value, bool) or value not in values


def _negated_tests(operand: dict[str, Any]) -> list[Accepts]:
    ((name, wanted),) = operand.items() if len(operand) == 1 else (("", None),)
    if name not in ("prefix", "suffix", "equals-ignore-case", "wildcard"):
        raise PatternError(f"Unsupported anything-but pattern: {name}")
    if wanted == []:
        raise PatternError("Empty arrays are not allowed")
    return [MATCHERS[name](item) for item in (wanted if isinstance(wanted, list) else [wanted])]


def _none_of(tests: list[Accepts]) -> Accepts:
    return lambda value: not any(test(value) for test in tests)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numeric(operand: Any) -> Accepts:
    if not isinstance(operand, list) or len(operand) not in (2, 4):
        raise PatternError(
            "Invalid numeric match: expected an operator and a number, once or twice"
        )
    bounds = [(operand[at], operand[at + 1]) for at in range(0, len(operand), 2)]
    _check_bounds(bounds)
    return lambda value: (
        _is_number(value) and all(OPERATORS[name](value, bound) for name, bound in bounds)
    )


def _check_bounds(bounds: list[tuple[Any, Any]]) -> None:
    for name, bound in bounds:
        if not isinstance(name, str) or name not in OPERATORS:
            raise PatternError(f"Unrecognized numeric range operator: {name}")
        if not _is_number(bound) or abs(bound) > NUMERIC_LIMIT:
            raise PatternError("Value must be a number between -5.0E9 and +5.0E9, inclusive")
    if len(bounds) == 2:
        (low_name, low), (high_name, high) = bounds
        if not low_name.startswith(">") or not high_name.startswith("<"):
            raise PatternError(f"Bad numeric range operator: {high_name}")
        if low >= high:
            raise PatternError("Bottom must be less than top")


def _cidr(operand: Any) -> Accepts:
    try:
        network = ipaddress.ip_network(_text("cidr", operand), strict=False)
    except ValueError as error:
        raise PatternError(f"Malformed CIDR, one '/' required: {operand}") from error
    return lambda value: isinstance(value, str) and _inside(value, network)


def _inside(value: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        return ipaddress.ip_address(value) in network
    except ValueError:
        return False


MATCHERS: dict[str, Callable[[Any], Accepts]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _ignore_case,
    "wildcard": _wildcard,
    "anything-but": _anything_but,
    "numeric": _numeric,
    "exists": _exists,
    "cidr": _cidr,
}
