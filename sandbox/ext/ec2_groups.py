"""Security groups: names, use and look-up checked as the service checks them."""

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import SecurityGroups

from .ec2_base import GROUP, VPC, fail, groups_by_id, look_up, patch, require
from .ec2_filters import page

MAX_GROUPS = 2500
_TEXT = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}\Z")


def create_security_group(self: Any) -> ActionResult:
    """A group in a VPC; its name is unique there."""
    backend = self.ec2_backend
    name, text = require(self, "GroupName"), require(self, "Description", "GroupDescription")
    vpc_id = self._get_param("VpcId") or backend.default_vpc.id
    look_up(VPC, [vpc_id], backend.vpcs)
    _check_name(name, text)
    if any(group.name == name for group in backend.groups[vpc_id].values()):
        fail(
            "InvalidGroup.Duplicate",
            f"The security group '{name}' already exists for VPC '{vpc_id}'",
        )
    if len(groups_by_id(backend)) >= MAX_GROUPS:
        fail(
            "SecurityGroupLimitExceeded", "The maximum number of security groups has been reached."
        )
    tags = self._parse_tag_specification("security-group").get("security-group", {})
    self.error_on_dryrun()
    group = backend.create_security_group(name, text, vpc_id=vpc_id, tags=tags, force=True)
    items = [{"Key": key, "Value": value} for key, value in tags.items()]
    return ActionResult({"GroupId": group.id, "SecurityGroupArn": group.arn, "Tags": items})


def _check_name(name: str, text: str) -> None:
    if name.lower().startswith("sg-"):
        reason = "Group names may not be in the format sg-*."
        fail(
            "InvalidParameterValue", f"Value ({name}) for parameter GroupName is invalid. {reason}"
        )
    if name == "default":
        fail("InvalidParameterValue", "Cannot use reserved security group name: default")
    for label, value in (("GroupName", name), ("GroupDescription", text)):
        if not _TEXT.match(value):
            reason = "Character sets beyond ASCII are not supported."
            fail(
                "InvalidParameterValue",
                f"Value ({value}) for parameter {label} is invalid. {reason}",
            )


def find_group(self: Any) -> Any:
    """The group that a request names by id, or by name in the default VPC."""
    group_id, name = self._get_param("GroupId"), self._get_param("GroupName")
    if group_id:
        return look_up(GROUP, [group_id], groups_by_id(self.ec2_backend))[0]
    if not name:
        text = "The request must contain the parameter groupName or groupId"
        fail("MissingParameter", text)
    default = self.ec2_backend.default_vpc.id
    for group in self.ec2_backend.groups[default].values():
        if group.name == name:
            return group
    text = f"The security group '{name}' does not exist in default VPC '{default}'"
    return fail("InvalidGroup.NotFound", text)


def delete_security_group(self: Any) -> ActionResult:
    """Only a group that nothing uses can go."""
    group = find_group(self)
    if group.is_default:
        text = f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
        fail("CannotDelete", text)
    if _used(self.ec2_backend, group):
        fail("DependencyViolation", f"resource {group.id} has a dependent object")
    self.error_on_dryrun()
    self.ec2_backend.delete_security_group(group_id=group.id)
    return ActionResult({"Return": True, "GroupId": group.id})


def _used(backend: Any, group: Any) -> bool:
    if any(group in eni.group_set for eni in backend.enis.values()):
        return True
    others = [each for each in groups_by_id(backend).values() if each is not group]
    rules = (rule for each in others for rule in each.ingress_rules + each.egress_rules)
    return any(rule.source_group.get("GroupId") == group.id for rule in rules)


def describe_security_groups(self: Any) -> ActionResult:
    """Unknown ids and names are refused; names are seen in the default VPC only."""
    backend = self.ec2_backend
    filters = self._filters_from_querystring()
    known = groups_by_id(backend)
    groups = list(known.values())
    if ids := self._get_param("GroupIds", []):
        groups = look_up(GROUP, ids, known)
    if names := self._get_param("GroupNames", []):
        groups = [
            each for each in groups if each.name in names and each.vpc_id == backend.default_vpc.id
        ]
        if missing := set(names) - {each.name for each in groups}:
            fail(
                GROUP.unknown, f"The security group '{min(missing)}' does not exist in default VPC"
            )
    self.error_on_dryrun()
    shown, token = page(self, [each for each in groups if each.matches_filters(filters)])
    return ActionResult({"SecurityGroups": list(shown), "NextToken": token})


def install() -> None:
    """Put the strict operations in place of moto's."""
    patch(
        SecurityGroups,
        create_security_group=create_security_group,
        delete_security_group=delete_security_group,
        describe_security_groups=describe_security_groups,
    )
