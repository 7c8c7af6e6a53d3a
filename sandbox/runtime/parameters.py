"""Stack parameters as given: checked against the template, as CloudFormation does first of all."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Declared = Mapping[str, Mapping[str, Any]]


def check(declared: Declared, given: Mapping[str, str]) -> None:
    """Raise ValueError unless the template has each of these parameters and allows its value."""
    if unknown := sorted(set(given) - set(declared)):
        raise ValueError(f"the template has no parameter {', '.join(unknown)}")
    for name, value in given.items():
        if problem := next(_problems(declared[name], value), None):
            raise ValueError(f"parameter {name}: {problem}")


def _problems(row: Mapping[str, Any], value: str) -> Iterator[str]:
    parts = value.split(",") if "List" in row.get("Type", "") else [value]
    pattern = row.get("AllowedPattern")
    if pattern and not all(re.fullmatch(pattern, part.strip()) for part in parts):
        yield str(row.get("ConstraintDescription") or f"must match pattern {pattern}")
    allowed = [str(each) for each in row.get("AllowedValues", [])]
    if allowed and value not in allowed:
        yield f"must be one of {', '.join(allowed)}"
    if len(value) < int(row.get("MinLength", 0)):
        yield f"must have at least {row['MinLength']} characters"
    if row.get("Type") == "Number":
        yield from _wrong_number(row, value)


def _wrong_number(row: Mapping[str, Any], value: str) -> Iterator[str]:
    try:
        number = float(value)
    except ValueError:
        yield f"must be a number, not {value}"
        return
    if "MinValue" in row and number < float(row["MinValue"]):
        yield f"must be a number not less than {row['MinValue']}"
    if "MaxValue" in row and number > float(row["MaxValue"]):
        yield f"must be a number not greater than {row['MaxValue']}"
