"""Filters and pages as EC2 has them: known names only, `*` and `?` in values, bounded pages."""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import moto.ec2.models.security_groups as group_models
import moto.ec2.utils as ec2_utils
from moto.core.responses import ActionResult
from moto.core.utils import get_service_model
from moto.ec2.responses import (
    FlowLogs,
    SecurityGroups,
    Subnets,
    VPCs,
)
from moto.ec2.responses._base_response import EC2BaseResponse
from moto.ec2.utils import tag_filter_matches

from .ec2_base import fail, patch

MAX_VALUES = 200
_done: set[tuple[type, str]] = set()
PAGES = [
    (FlowLogs, "describe_flow_logs", "FlowLogs", 1),
    (SecurityGroups, "describe_security_group_rules", "SecurityGroupRules", 5),
    (Subnets, "describe_subnets", "Subnets", 5),
    (VPCs, "describe_vpcs", "Vpcs", 5),
]
# Accepted by the service though its model no longer documents them.
_OLD_NAMES = {
    "DescribeInstances": {"tag-value", "group-id", "group-name"},
    "DescribeNetworkInterfaces": {"tag-value"},
    "DescribeSecurityGroups": {"tag-value"},
    "DescribeSecurityGroupRules": {"tag-key"},
    "DescribeSubnets": {"cidr", "cidrBlock", "availabilityZone", "defaultForAz"},
}
_DOCUMENTED = re.compile(r"<li> ?<p> ?<code>(.+?)</code>")


@lru_cache(maxsize=4096)
def glob(pattern: str) -> re.Pattern[str]:
    """A filter value as a pattern: `*` is any text, `?` one character, a backslash escapes."""
    parts = re.findall(r"\\.|[*?]|[^*?\\]+|\\", pattern, re.S)
    wild = {"*": ".*", "?": "."}
    plain = (
        wild.get(part) or re.escape(part[1:] if len(part) == 2 and part[0] == "\\" else part)
        for part in parts
    )
    return re.compile("".join(plain), re.S)


def matches(values: Iterable[str | None], patterns: Sequence[str]) -> bool:
    """Whether any value fits any pattern."""
    compiled = [glob(pattern) for pattern in patterns]
    return any(one.fullmatch(value) for value in values if value is not None for one in compiled)


def text(value: Any) -> str:
    """A value as filters compare it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}.000Z"
    return str(value)


@lru_cache
def names(operation: str) -> frozenset[str]:
    """The filter names that the service documents for an operation; empty when it lists none."""
    shape = get_service_model("ec2").operation_model(operation).input_shape
    members = shape.members if shape else {}
    member = members.get("Filters") or members.get("Filter")
    found = set(_DOCUMENTED.findall(member.documentation)) if member else set()
    return frozenset(found | _OLD_NAMES.get(operation, set())) if found else frozenset()


def check(operation: str, filters: dict[str, list[str]]) -> None:
    """Refuse unknown filter names and too many values."""
    known = names(operation)
    for name, values in filters.items():
        tag = name.startswith("tag:") and len(name) > 4
        if known and not tag and (name not in known or name == "tag"):
            fail("InvalidParameterValue", f"The filter '{name}' is invalid")
        if len(values) > MAX_VALUES:
            limit = (
                f"The maximum number of filter values specified on a single call is {MAX_VALUES}"
            )
            fail("FilterLimitExceeded", limit)


def _filters(self: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in self._get_param("Filters", []) or self._get_param("Filter", []):
        if "Name" not in each:
            fail("InvalidParameterValue", "The filter 'null' is invalid")
        found.setdefault(each["Name"], []).extend(each.get("Values", []))
    check(self._get_action(), found)
    return found


def _is_filter_matching(obj: Any, name: str, wanted: Any) -> bool:
    """moto wants lists to be subsets; the service is content with one equal element."""
    if ec2_utils.is_tag_filter(name):
        return tag_filter_matches(obj, name, wanted)
    value = obj.get_filter_value(name)
    listed = value if isinstance(value, list | tuple | set | frozenset) else [value]
    patterns = wanted if isinstance(wanted, list) else [wanted]
    return matches([text(each) for each in listed if each is not None], patterns)


def _tag_filter_matches(obj: Any, name: str, wanted: list[str]) -> bool:
    return match_tags({tag["key"]: tag["value"] for tag in obj.get_tags()}, name, wanted)


def match_tags(tags: dict[str, str], name: str, wanted: Sequence[str]) -> bool:
    """`tag:KEY`, `tag-key` or `tag-value` against a resource's tags."""
    if name == "tag-key":
        return matches(tags, wanted)
    if name == "tag-value":
        return matches(tags.values(), wanted)
    return matches([tags.get(name[4:])], wanted)


def _aws_api_matches(pattern: str, value: Any) -> bool:
    return value is not None and glob(pattern).fullmatch(str(value)) is not None


def page(
    response: Any, items: Sequence[Any], low: int = 5, ids: str = ""
) -> tuple[Sequence[Any], str | None]:
    """One page and the token of the next; `ids` names a parameter that forbids paging."""
    asked, token = response._get_param("MaxResults"), response._get_param("NextToken")
    if asked is not None:
        _check_size(int(asked), low)
        if ids and response._get_param(ids):
            wire = "instancesSet" if ids == "InstanceIds" else f"{ids[0].lower()}{ids[1:]}"
            text = f"The parameter {wire} cannot be used with the parameter maxResults"
            fail("InvalidParameterCombination", text)
    start = _offset(token) if token else 0
    end = start + int(asked or 1000)
    following = base64.urlsafe_b64encode(f"toban:{end}".encode()).decode()
    return items[start:end], following if end < len(items) else None


def _check_size(size: int, low: int) -> None:
    if not low <= size <= 1000:
        rule = f"at least {low}" if size < low else "at most 1000"
        text = f"Value ( {size} ) for parameter maxResults is invalid. Expecting {rule}."
        fail("InvalidParameterValue", text)


def _offset(token: str) -> int:
    try:
        name, _, number = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        if name == "toban":
            return int(number)
    except (binascii.Error, ValueError):
        pass
    return fail("InvalidNextToken", f"The token '{token}' is invalid")


def _paged(
    original: Callable[[Any], ActionResult], key: str, low: int
) -> Callable[[Any], ActionResult]:
    def describe(self: Any) -> ActionResult:
        found: Any = original(self).result
        self.error_on_dryrun()
        items, token = page(self, list(found[key]), low)
        return ActionResult({key: items, "NextToken": token})

    return describe


REPLACED: list[tuple[Any, str, Any]] = [
    (ec2_utils, "is_filter_matching", _is_filter_matching),
    (ec2_utils, "tag_filter_matches", _tag_filter_matches),
    (group_models, "tag_filter_matches", _tag_filter_matches),
    (group_models, "aws_api_matches", _aws_api_matches),
]


def install() -> None:
    """Make moto's filters strict and true, and page the lists that it always gives whole."""
    patch(EC2BaseResponse, _filters_from_querystring=_filters)
    for module, name, value in REPLACED:
        setattr(module, name, value)
    for owner, method, key, low in PAGES:
        original = getattr(owner, method)
        if (owner, method) not in _done:
            _done.add((owner, method))
            patch(owner, **{method: _paged(original, key, low)})
