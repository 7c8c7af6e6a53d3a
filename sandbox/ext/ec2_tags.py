"""Tags: the service's limits, real existence checks, wildcards and pages in DescribeTags."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import validate_resource_ids
from moto.ec2.responses import TagResponse
from moto.ec2.responses._base_response import EC2BaseResponse
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix

from sandbox.network.ec2_xml import XmlAnswer

from .ec2_base import (
    GROUP,
    INSTANCE,
    INTERFACE,
    fail,
    groups_by_id,
    instance_index,
    look_up,
    patch,
    require,
)
from .ec2_filters import matches, page

MAX_TAGS = 50
MAX_RESOURCES = 1000
_done: set[type] = set()
_ID = re.compile(r"[a-z-]+-([0-9a-f]{8}|[0-9a-f]{17})\Z")


def check_tags(keys: Iterable[str], values: Iterable[str] = ()) -> None:
    """Keys and values that customers may write."""
    for key in keys:
        if not 1 <= len(key) <= 128:
            fail("InvalidParameterValue", "Tag key exceeds the maximum length of 128 characters")
        if key.lower().startswith("aws:"):
            text = "Tag keys starting with 'aws:' are reserved for internal use"
            fail("InvalidParameterValue", text)
    if any(len(value) > 256 for value in values):
        fail("InvalidParameterValue", "Tag value exceeds the maximum length of 256 characters")


def _resources(self: Any) -> list[str]:
    """The ids that a request names; each must be an id, and name something."""
    ids: list[str] = list(dict.fromkeys(require(self, "Resources", "resourceIdSet")))
    if len(ids) > MAX_RESOURCES:
        text = f"The maximum number of resources on a single call is {MAX_RESOURCES}"
        fail("InvalidParameterValue", text)
    validate_resource_ids(ids)
    for value in ids:
        if not _ID.match(value):
            fail("InvalidID", f"The ID '{value}' is not valid")
    _exist(self.ec2_backend, ids)
    return ids


def _exist(backend: Any, ids: list[str]) -> None:
    tables: dict[str, Callable[[], Any]] = {
        INSTANCE.prefix: lambda: (INSTANCE, instance_index(backend)),
        INTERFACE.prefix: lambda: (INTERFACE, backend.enis),
        GROUP.prefix: lambda: (GROUP, groups_by_id(backend)),
    }
    others = [value for value in ids if get_prefix(value) not in tables]
    for prefix, table in tables.items():
        if mine := [value for value in ids if get_prefix(value) == prefix]:
            kind, known = table()
            look_up(kind, mine, known)
    for value in others:
        _exists(backend, value)


def _exists(backend: Any, value: str) -> None:
    """moto looks up ACLs and rules without noticing that they are missing."""
    if value.startswith("acl-") and value not in backend.network_acls:
        fail("InvalidNetworkAclID.NotFound", f"The networkAcl ID '{value}' does not exist")
    backend.do_resources_exist([value])


def create_tags(self: Any) -> ActionResult:
    """Set tags on up to a thousand resources, all or none."""
    ids = _resources(self)
    tags = _given(require(self, "Tags", "tagSet"))
    backend = self.ec2_backend
    for value in ids:
        own = [
            key for key in {**(backend.tags.get(value) or {}), **tags} if not key.startswith("aws:")
        ]
        if len(own) > MAX_TAGS:
            fail(
                "TagLimitExceeded",
                f"The maximum number of Tags for a resource has been reached: {MAX_TAGS}",
            )
    self.error_on_dryrun()
    for value in ids:
        backend.tags[value].update(tags)
    return EmptyResult()


def _given(items: list[dict[str, str]]) -> dict[str, str]:
    tags = {item.get("Key", ""): item.get("Value") or "" for item in items}
    if len(tags) < len(items):
        fail(
            "InvalidParameterValue",
            "Duplicate tag keys found. Please note that Tag keys are case sensitive.",
        )
    check_tags(tags, tags.values())
    return tags


def delete_tags(self: Any) -> ActionResult:
    """Remove tags; a value that is given must match, and no tags at all means all of them."""
    ids = _resources(self)
    doomed = [(item.get("Key", ""), item.get("Value")) for item in self._get_param("Tags", [])]
    check_tags(key for key, _ in doomed)
    self.error_on_dryrun()
    for value in ids:
        present = self.ec2_backend.tags[value]
        pairs = doomed or [(key, None) for key in present if not key.startswith("aws:")]
        for key, wanted in pairs:
            if wanted is None or present.get(key) == wanted:
                present.pop(key, None)
    return EmptyResult()


def describe_tags(self: Any) -> ActionResult:
    """All tags that pass the filters, by resource."""
    filters = self._filters_from_querystring()
    found = [item for item in _all_tags(self.ec2_backend) if _passes(item, filters)]
    self.error_on_dryrun()
    shown, token = page(self, found)
    return XmlAnswer({"tagSet": list(shown), "nextToken": token})


def _all_tags(backend: Any) -> list[dict[str, str]]:
    return [
        {"resourceId": owner, "resourceType": kind, "key": key, "value": value}
        for owner, tags in backend.tags.items()
        if tags and (kind := EC2_PREFIX_TO_RESOURCE.get(get_prefix(owner), ""))
        for key, value in tags.items()
    ]


_FIELDS = {
    "key": "key",
    "value": "value",
    "resource-id": "resourceId",
    "resource-type": "resourceType",
}


def _passes(item: dict[str, str], filters: dict[str, list[str]]) -> bool:
    for name, wanted in filters.items():
        if name.startswith("tag:"):
            if item["key"] != name[4:] or not matches([item["value"]], wanted):
                return False
        elif not matches([item[_FIELDS[name]]], wanted):
            return False
    return True


def _strict_specification(original: Callable[..., Any]) -> Callable[..., Any]:
    def parse(self: Any, expected_type: str | None = None) -> Any:
        found = original(self, expected_type)
        for tags in found.values():
            check_tags(tags, [value or "" for value in tags.values()])
            if len(tags) > MAX_TAGS:
                fail("TagLimitExceeded", f"The maximum number of Tags for a resource is {MAX_TAGS}")
        return found

    return parse


def install() -> None:
    """Put the strict operations in place of moto's."""
    patch(
        TagResponse, create_tags=create_tags, delete_tags=delete_tags, describe_tags=describe_tags
    )
    if EC2BaseResponse not in _done:
        _done.add(EC2BaseResponse)
        original = EC2BaseResponse._parse_tag_specification
        patch(EC2BaseResponse, _parse_tag_specification=_strict_specification(original))
