"""IAM: may this role make this call? Evaluates the policies that the stack attached to it."""

import fnmatch
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from operator import eq, ge, gt, le, lt
from typing import Any

from moto.iam.models import iam_backends

from sandbox.runtime.access import Access

Statement = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Policy:
    """The statements of one document. Which are about an action is found out once."""

    rows: tuple[Statement, ...]
    _found: dict[str, tuple[Statement, ...]] = field(default_factory=dict)

    def about(self, action: str) -> tuple[Statement, ...]:
        """Those whose Action or NotAction covers an action."""
        if action not in self._found:
            rows = (row for row in self.rows if _is_about(row, action))
            self._found[action] = tuple(rows)
        return self._found[action]


def allowed(role_name: str, wanted: Iterable[Access], account: str) -> Access | None:
    """None when every access is allowed; else the first one that is not."""
    role = iam_backends[account]["aws"].get_role(role_name)
    return next((each for each in wanted if not permits(held(role, each.action), each)), None)


def held(holder: Any, action: str) -> list[Statement]:
    """What the policies of a role, a user or a group say of an action, inline and attached."""
    documents = [
        *holder.policies.values(),
        *(_document(policy) for policy in holder.managed_policies.values()),
    ]
    return [row for document in documents for row in _policy(document).about(action)]


def _document(policy: Any) -> Any:
    return next(
        row.document for row in policy.versions if row.version_id == policy.default_version_id
    )


def _policy(document: Any) -> Policy:
    """A document is text, or what CloudFormation made of it: that is never changed in place."""
    if isinstance(document, str):
        return _read(document)
    kept, policy = _KNOWN.get(id(document), (None, None))
    if policy is None or kept is not document:
        if len(_KNOWN) > MOST_KNOWN:
            _KNOWN.clear()
        policy = _read(json.dumps(document))
        _KNOWN[id(document)] = document, policy
    return policy


MOST_KNOWN = 1000
_KNOWN: dict[int, tuple[Any, Policy]] = {}


@lru_cache(maxsize=512)
def _read(text: str) -> Policy:
    rows = _listed(json.loads(text)["Statement"])
    return Policy(tuple(row for row in rows if row))  # moto leaves null for AWS::NoValue


def parse(text: str) -> tuple[Statement, ...]:
    """The statements of a policy document; KeyError or ValueError if it is none."""
    return _read(text).rows


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def permits(statements: Sequence[Statement], access: Access) -> bool:
    """Whether these statements allow an access: one allows it and none denies it."""
    hits = [row for row in statements if _applies(row, access)]
    return bool(hits) and all(row["Effect"] == "Allow" for row in hits)


def applies(statements: Sequence[Statement], access: Access) -> bool:
    """Whether any of these statements is about an access."""
    return any(_applies(row, access) for row in statements)


def _applies(row: Statement, access: Access) -> bool:
    return (
        _is_about(row, access.action)
        and (access.resource is None or _covers(row, "Resource", access.resource))
        and _conditions(row.get("Condition", {}), access.context)
    )


def _is_about(row: Statement, action: str) -> bool:
    return _covers(row, "Action", action, ignore_case=True)


def _covers(row: Statement, key: str, value: str, ignore_case: bool = False) -> bool:
    """Whether `key` (or Not`key`) of a statement covers a value; wildcards are * and ?."""
    text = value.lower() if ignore_case else value
    wanted = row.get(key, row.get(f"Not{key}", []))
    hit = any(
        _like(pattern.lower() if ignore_case else pattern, text) for pattern in _listed(wanted)
    )
    return hit if key in row else not hit


def _like(pattern: str, value: str) -> bool:
    return _pattern(pattern).match(value) is not None


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))


def _is_true(pattern: str, value: str) -> bool:
    return pattern.lower() == value.lower()


def _equal(pattern: str, value: str) -> bool:
    return pattern == value


def _moment(text: str) -> datetime:
    """A time as policies write it: ISO 8601, or seconds since 1970."""
    if text.isdigit():
        return datetime.fromtimestamp(int(text), UTC)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _dated(test: Callable[[datetime, datetime], bool]) -> Callable[[str, str], bool]:
    """A comparison of what is with what is written; what is no time compares with nothing."""

    def compare(pattern: str, value: str) -> bool:
        try:
            return test(_moment(value), _moment(pattern))
        except ValueError:
            return False

    return compare


_TESTS: dict[str, tuple[Callable[[str, str], bool], bool]] = {
    "StringEquals": (_equal, True),
    "StringNotEquals": (_equal, False),
    "StringEqualsIgnoreCase": (_is_true, True),
    "StringLike": (_like, True),
    "StringNotLike": (_like, False),
    "ArnEquals": (_like, True),
    "ArnLike": (_like, True),
    "ArnNotEquals": (_like, False),
    "ArnNotLike": (_like, False),
    "NumericEquals": (_equal, True),
    "Bool": (_is_true, True),
    "DateEquals": (_dated(eq), True),
    "DateNotEquals": (_dated(eq), False),
    "DateLessThan": (_dated(lt), True),
    "DateLessThanEquals": (_dated(le), True),
    "DateGreaterThan": (_dated(gt), True),
    "DateGreaterThanEquals": (_dated(ge), True),
}


def _conditions(block: dict[str, dict[str, Any]], context: dict[str, list[str]]) -> bool:
    return all(
        _holds(operator, [str(value) for value in _listed(wanted)], context.get(key.lower()))
        for operator, keys in block.items()
        for key, wanted in keys.items()
    )


def _holds(operator: str, wanted: list[str], actual: list[str] | None) -> bool:
    """One condition. An operator that is not known here never holds: nothing slips through."""
    quantifier, _, name = operator.rpartition(":")
    if name == "Null":
        return (actual is None) == (wanted[0].lower() == "true")
    optional = name.endswith("IfExists")
    test = _TESTS.get(name.removesuffix("IfExists"))
    if test is None:
        return False
    compare, positive = test
    if actual is None:
        return optional or not positive or quantifier == "ForAllValues"
    results = [any(compare(pattern, value) for pattern in wanted) == positive for value in actual]
    return all(results) if quantifier == "ForAllValues" or not positive else any(results)
