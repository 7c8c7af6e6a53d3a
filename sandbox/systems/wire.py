"""Check and read JSON against botocore's shapes: what the real API refuses is refused here too."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel, Shape
from moto.core.exceptions import ServiceException

# A world may be given findings with any ARN that is easy to read.
_LOOSE = ("FindingArn",)


class Unfit(ValueError):
    """A value that breaks a constraint of its shape; the message reads as AWS words it."""

    def __init__(self, path: str, value: Any, constraint: str) -> None:
        shown = value if isinstance(value, str) else json.dumps(value, default=str)
        super().__init__(
            f"Value '{shown:.200}' at '{path}' failed to satisfy constraint: {constraint}"
        )


class Refusal(ServiceException):
    """An error of the service, by code.

    A class of its own, since moto looks for the model by the module of the class.
    """


class ValidationError(Refusal):
    """ValidationException, with the members that Inspector's model requires."""

    code = "ValidationException"
    reason = "FIELD_VALIDATION_FAILED"
    fields: list[dict[str, str]] = []


@lru_cache
def model(service: str) -> ServiceModel:
    """botocore's model of a service."""
    return botocore.session.get_session().get_service_model(service)


@lru_cache
def operation(service: str, name: str) -> OperationModel:
    """botocore's model of an operation."""
    return model(service).operation_model(name)


def read_request(service: str, name: str, body: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a request, checked; raises ValidationException as the service does."""
    shape = operation(service, name).input_shape
    try:
        return parse(shape, body) if shape else {}
    except Unfit as unfit:
        raise ValidationError(f"1 validation error detected: {unfit}") from unfit


def parse(shape: Shape, value: Any, path: str = "", closed: bool = False) -> Any:
    """`value` as the shape has it, times as epoch seconds; `closed` refuses unknown members."""
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, value, path, closed)
    if kind == "list":
        _expect(isinstance(value, list), path, value, "Member must be a list")
        _check_size(shape, len(value), path, value, "length")
        return [
            parse(shape.member, item, f"{path}.{index}.member", closed)
            for index, item in enumerate(value, 1)
        ]
    if kind == "map":
        _expect(isinstance(value, dict), path, value, "Member must be a map")
        _check_size(shape, len(value), path, value, "length")
        return {
            parse(shape.key, key, f"{path}.key", closed): parse(
                shape.value, item, f"{path}.{key}", closed
            )
            for key, item in value.items()
        }
    return _SCALARS[kind](shape, value, path)


def _structure(shape: Shape, value: Any, path: str, closed: bool) -> dict[str, Any]:
    _expect(isinstance(value, dict), path, value, "Member must be an object")
    given = {name: item for name, item in value.items() if item is not None}
    for name in shape.required_members:
        _expect(name in given, _join(path, name), None, "Member must not be null")
    strange = sorted(set(given) - set(shape.members))
    _expect(not (closed and strange), path, strange, "No such member")
    return {
        name: parse(shape.members[name], item, _join(path, name), closed)
        for name, item in given.items()
        if name in shape.members
    }


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _expect(condition: bool, path: str, value: Any, constraint: str) -> None:
    if not condition:
        raise Unfit(path, value, constraint)


def _check_size(shape: Shape, size: float, path: str, value: Any, what: str) -> None:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    _expect(
        low is None or size >= low,
        path,
        value,
        f"Member must have {what} greater than or equal to {low}",
    )
    _expect(
        high is None or size <= high,
        path,
        value,
        f"Member must have {what} less than or equal to {high}",
    )


def _string(shape: Shape, value: Any, path: str) -> str:
    _expect(isinstance(value, str), path, value, "Member must be a string")
    choices = shape.metadata.get("enum")
    _expect(
        not choices or value in choices,
        path,
        value,
        f"Member must satisfy enum value set: [{', '.join(choices or ())}]",
    )
    _check_size(shape, len(value), path, value, "length")
    pattern = shape.metadata.get("pattern")
    # Java's \p classes mean nothing to Python; those patterns only name the letters of tags.
    loose = not pattern or "\\p" in pattern or shape.name in _LOOSE
    _expect(
        loose or re.fullmatch(pattern, value) is not None,
        path,
        value,
        f"Member must satisfy regular expression pattern: {pattern}",
    )
    return value


def _number(shape: Shape, value: Any, path: str) -> float:
    whole = shape.type_name in ("integer", "long")
    fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    _expect(fits, path, value, f"Member must be of type {shape.type_name}")
    _check_size(shape, value, path, value, "value")
    return value


def _boolean(shape: Shape, value: Any, path: str) -> bool:
    _expect(isinstance(value, bool), path, value, "Member must be a boolean")
    return value


def _timestamp(shape: Shape, value: Any, path: str) -> float:
    try:
        return epoch(value)
    except (TypeError, ValueError) as error:
        raise Unfit(path, value, "Member must be a timestamp") from error


def epoch(value: Any) -> float:
    """Seconds since 1970 of a number, an ISO 8601 string or a datetime."""
    if isinstance(value, bool):
        raise TypeError("a boolean is no timestamp")
    if isinstance(value, str):
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return float(value)


_SCALARS: dict[str, Callable[[Shape, Any, str], Any]] = {
    "string": _string,
    "integer": _number,
    "long": _number,
    "double": _number,
    "float": _number,
    "boolean": _boolean,
    "timestamp": _timestamp,
}
