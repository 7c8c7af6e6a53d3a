"""Resource policies: may a service send here on behalf of this rule or topic?"""

from fnmatch import fnmatchcase
from typing import Any

Statement = dict[str, Any]

_LIKE = ("arnlike", "arnequals", "stringlike")


def allows(
    statements: list[Statement], service: str, action: str, resource: str, source_arn: str
) -> bool:
    """Whether a service principal may act; an explicit deny wins, as everywhere in IAM."""
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_arn.split(":")[4]}
    effects = {
        statement.get("Effect")
        for statement in statements
        if _is_principal(statement.get("Principal"), service)
        and any(_like(action.lower(), item.lower()) for item in _many(statement.get("Action")))
        and any(_like(resource, item) for item in _many(statement.get("Resource", "*")))
        and _conditions_hold(statement.get("Condition") or {}, context)
    }
    return effects == {"Allow"}


def _many(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _like(value: str, pattern: str) -> bool:
    return fnmatchcase(value, pattern.replace("[", "[[]"))


def _is_principal(principal: Any, service: str) -> bool:
    if isinstance(principal, dict):
        return service in _many(principal.get("Service")) or "*" in _many(principal.get("AWS"))
    return principal in (service, "*")


def _conditions_hold(conditions: dict[str, dict[str, Any]], context: dict[str, str]) -> bool:
    return all(
        _holds(operator.lower(), context.get(key.lower(), ""), _many(wanted))
        for operator, pairs in conditions.items()
        for key, wanted in pairs.items()
    )


def _holds(operator: str, actual: str, wanted: list[str]) -> bool:
    if operator in _LIKE:
        return any(_like(actual, pattern) for pattern in wanted)
    # What the box does not know does not hold: it is better to be refused here than in AWS.
    return operator == "stringequals" and actual in wanted
