"""Security group rules: granted and revoked all or nothing, within the service's quotas."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses import SecurityGroups

from sandbox.network.security_rules import Rule, parse_permission

from .ec2_base import fail, patch
from .ec2_groups import find_group

MAX_RULES = 60


def rules_of(group: Any, egress: bool) -> list[SecurityGroupRule]:
    """The group's rules of one direction (moto's own list)."""
    found: list[SecurityGroupRule] = group.egress_rules if egress else group.ingress_rules
    return found


def as_rule(rule: SecurityGroupRule) -> Rule:
    """A stored rule in comparable form."""
    ports = (rule.ip_protocol or "-1", rule.from_port, rule.to_port)
    if rule.source_group:
        return Rule(*ports, "group", rule.source_group.get("GroupId", ""))
    if rule.prefix_list_id:
        return Rule(*ports, "prefix", rule.prefix_list_id)
    if rule.cidr_ipv6:
        return Rule(*ports, "cidr6", rule.cidr_ipv6)
    return Rule(*ports, "cidr", rule.cidr_ipv4 or "")


def _permissions(self: Any) -> list[dict[str, Any]]:
    """The permissions of a request; the older single-rule form becomes one of them."""
    if listed := self._get_param("IpPermissions", []):
        return list(listed)
    single = {key: self._get_param(key) for key in ("IpProtocol", "FromPort", "ToPort")}
    if cidr := self._get_param("CidrIp"):
        return [single | {"IpRanges": [{"CidrIp": cidr}]}]
    if name := self._get_param("SourceSecurityGroupName"):
        return [single | {"UserIdGroupPairs": [{"GroupName": name}]}]
    return []


def _requested(self: Any, group: Any) -> list[tuple[Rule, str | None]]:
    """The rules that a request names, each with its description."""
    found = [
        pair
        for permission in _permissions(self)
        for pair in parse_permission(self.ec2_backend, group, permission)
    ]
    rules = [rule for rule, _ in found]
    if len(set(rules)) < len(rules):
        fail("InvalidParameterValue", "The same permission must not appear multiple times")
    return found


def _authorize(self: Any, egress: bool) -> ActionResult:
    group = find_group(self)
    asked = _requested(self, group)
    if not asked:
        fail("MissingParameter", "The request must contain the parameter ipPermissions")
    present = [as_rule(rule) for rule in rules_of(group, egress)]
    for rule, _ in asked:
        if rule in present:
            text = f'the specified rule "{rule}" already exists'
            fail("InvalidPermission.Duplicate", text)
    _check_quota([*present, *(rule for rule, _ in asked)])
    tags = self._parse_tag_specification("security-group-rule").get("security-group-rule", {})
    self.error_on_dryrun()
    added = [_stored(self.ec2_backend, group, *pair, egress, tags) for pair in asked]
    rules_of(group, egress).extend(added)
    return ActionResult({"Return": True, "SecurityGroupRules": added})


def _check_quota(rules: list[Rule]) -> None:
    """IPv4 and IPv6 are counted apart; rules on groups and prefix lists count in both."""
    for own in ("cidr", "cidr6"):
        other = {"cidr": "cidr6", "cidr6": "cidr"}[own]
        if sum(rule.kind != other for rule in rules) > MAX_RULES:
            text = "The maximum number of rules per security group has been reached."
            fail("RulesPerSecurityGroupLimitExceeded", text)


def _stored(
    backend: Any, group: Any, rule: Rule, text: str | None, egress: bool, tags: dict[str, str]
) -> SecurityGroupRule:
    note = {"Description": text} if text is not None else {}
    account = backend.account_id
    owner = {"GroupId": rule.value, "UserId": account, "OwnerId": account}
    ranges = {"cidr": {"CidrIp": rule.value}, "cidr6": {"CidrIpv6": rule.value}}
    return SecurityGroupRule(
        backend,
        rule.protocol,
        group.id,
        None if rule.low is None else str(rule.low),
        None if rule.high is None else str(rule.high),
        ranges[rule.kind] | note if rule.kind in ranges else None,
        owner | note if rule.kind == "group" else None,
        {"PrefixListId": rule.value} if rule.kind == "prefix" else None,
        is_egress=egress,
        tags=tags,
    )


def _revoke(self: Any, egress: bool) -> ActionResult:
    group = find_group(self)
    present = rules_of(group, egress)
    doomed = _named(self, present) if self._get_param("SecurityGroupRuleIds") else None
    if doomed is None:
        known = {as_rule(rule): rule for rule in present}
        asked = [rule for rule, _ in _requested(self, group)]
        if not asked:
            text = "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided."
            fail("MissingParameter", text)
        if any(rule not in known for rule in asked):
            text = "The specified rule does not exist in this security group."
            fail("InvalidPermission.NotFound", text)
        doomed = [known[rule] for rule in asked]
    self.error_on_dryrun()
    present[:] = [rule for rule in present if not any(rule is each for each in doomed)]
    return ActionResult(
        {"Return": True, "RevokedSecurityGroupRules": [_revoked(rule) for rule in doomed]}
    )


def _named(self: Any, present: list[SecurityGroupRule]) -> list[SecurityGroupRule]:
    known = {rule.id: rule for rule in present}
    ids = self._get_param("SecurityGroupRuleIds")
    for value in ids:
        if value not in known:
            text = f"The security group rule ID '{value}' does not exist"
            fail("InvalidSecurityGroupRuleId.NotFound", text)
    return [known[value] for value in ids]


def _revoked(rule: SecurityGroupRule) -> dict[str, Any]:
    return {
        "SecurityGroupRuleId": rule.id,
        "GroupId": rule.group_id,
        "IsEgress": rule.is_egress,
        "IpProtocol": rule.ip_protocol,
        "FromPort": -1 if rule.from_port is None else rule.from_port,
        "ToPort": -1 if rule.to_port is None else rule.to_port,
        "CidrIpv4": rule.cidr_ipv4,
        "CidrIpv6": rule.cidr_ipv6,
        "PrefixListId": rule.prefix_list_id,
        "ReferencedGroupId": rule.source_group.get("GroupId"),
        "Description": rule.description,
    }


def install() -> None:
    """Put the strict operations in place of moto's."""
    patch(
        SecurityGroups,
        authorize_security_group_ingress=lambda self: _authorize(self, False),
        authorize_security_group_egress=lambda self: _authorize(self, True),
        revoke_security_group_ingress=lambda self: _revoke(self, False),
        revoke_security_group_egress=lambda self: _revoke(self, True),
    )
