"""SSM: DescribeInstanceInformation."""

from typing import Any

from sandbox.clock import CLOCK
from sandbox.systems import fleet
from sandbox.systems.operations import compact, page, serve
from sandbox.systems.wire import Refusal

Params = dict[str, Any]
_FIELDS = {
    "InstanceIds": "InstanceId",
    "PingStatus": "PingStatus",
    "PlatformTypes": "PlatformType",
    "ResourceType": "ResourceType",
    "AgentVersion": "AgentVersion",
    "IamRole": "IamRole",
    "AssociationStatus": "AssociationStatus",
    "ActivationIds": "ActivationId",
}


def install() -> None:
    """Let moto answer this operation."""
    serve("ssm", {"DescribeInstanceInformation": describe_instance_information})


def describe_instance_information(backend: Any, params: Params) -> Params:
    """The instances that Systems Manager manages, and whether their agent answers."""
    rules = [(each["Key"], each["Values"]) for each in params.get("Filters", [])]
    old = params.get("InstanceInformationFilterList", [])
    rules += [(each["key"], each["valueSet"]) for each in old]
    where = (backend.account_id, backend.region_name)
    known = fleet.instances(*where)
    if strange := _unknown_ids(rules, known):
        raise Refusal("InvalidInstanceId", f"Unknown instances: {', '.join(strange)}")
    found = [each for each in known.values() if fleet.node(*where, each).managed]
    for key, values in rules:
        found = [each for each in found if _passes(where, each, key, values)]
    chosen, token = page("ssm", params, found, 50)
    rows = [_row(where, each) for each in chosen]
    return compact(InstanceInformationList=rows, NextToken=token)


def _unknown_ids(rules: list[tuple[str, list[str]]], known: dict[str, Any]) -> list[str]:
    """Ids that are no instance ids at all; one that is not managed is simply not listed."""
    ids = [value for key, values in rules if key == "InstanceIds" for value in values]
    return [each for each in ids if each not in known and not each.startswith(("i-", "mi-"))]


def _passes(where: tuple[str, str], instance: Any, key: str, values: list[str]) -> bool:
    tags = fleet.tags(*where, instance.id)
    if key.startswith("tag:"):
        return tags.get(key[4:]) in values
    if key == "tag-key":
        return any(value in tags for value in values)
    if key not in _FIELDS:
        raise Refusal("InvalidFilterKey", f"Filter key {key} is not valid")
    if key == "InstanceIds":
        return instance.id in values
    return _row(where, instance).get(_FIELDS[key]) in values


def _row(where: tuple[str, str], instance: Any) -> Params:
    node = fleet.node(*where, instance)
    kind, name, version = fleet.system(node.platform)
    now = CLOCK.now().timestamp()
    online = fleet.is_online(*where, instance)
    return {
        "InstanceId": instance.id,
        "PingStatus": "Online" if online else "ConnectionLost",
        # The agent beats every five minutes; one that lost its connection did so a while ago.
        "LastPingDateTime": now - (fleet.spread(instance.id, 240) if online else 600),
        "AgentVersion": node.agent,
        "IsLatestVersion": True,
        "PlatformType": kind,
        "PlatformName": name,
        "PlatformVersion": version,
        "ResourceType": "EC2Instance",
        "IPAddress": next(iter(instance.nics.values())).private_ip_address,
        "ComputerName": f"{instance.id}.internal",
        "SourceId": instance.id,
        "SourceType": "AWS::EC2::Instance",
    }
