"""The targets of a target group: one registration per id and port, its health, its draining.

A group keeps `targets` and `deregistered_targets` by (id, port). Health follows what is there: a
target is healthy if its machine runs and a rule of its security groups lets the port in, from
wherever (the balancer itself has no interface in the box). Not documented, so guessed: how long
the first health checks take, and the wording of refusals about kinds of targets.
"""

import ipaddress
from collections.abc import Iterator
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from sandbox.balance.base import alive, fail, instance_of, now, settle
from sandbox.network.reach import inside

Target = dict[str, Any]
Key = tuple[str, int]
INITIAL = 10.0
"""Modelled seconds until a new target is in use."""
PORTS = range(1, 65536)
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")


def read(group: Any, row: dict[str, Any]) -> Target:
    """A TargetDescription with the port that it means."""
    zone = {"AvailabilityZone": row["AvailabilityZone"]} if row.get("AvailabilityZone") else {}
    return {"Id": row["Id"], "Port": int(row.get("Port") or group.port or 0), **zone}


def key_of(target: Target) -> Key:
    """What tells registrations of a group apart."""
    return target["Id"], target["Port"]


def register(group: Any, rows: list[dict[str, Any]]) -> None:
    """Register all of them or, if one is refused, none."""
    made = [read(group, row) for row in rows]
    for each in made:
        _check(group, each)
    _check_running(group, made)
    for each in made:
        group.deregistered_targets.pop(key_of(each), None)
        zone = _zone(group, each)
        group.targets.setdefault(key_of(each), each | zone | {"since": now()})


def deregister(group: Any, rows: list[dict[str, Any]]) -> None:
    """Drain what is registered; what is not registered under this very port is left alone."""
    delay = float(group.attributes["deregistration_delay.timeout_seconds"])
    for each in [read(group, row) for row in rows]:
        target = group.targets.pop(key_of(each), None)
        if target and group.load_balancer_arns:
            group.deregistered_targets[key_of(each)] = target | {"until": now() + delay}


def forget(group: Any, instance_ids: list[str]) -> None:
    """Drain the registrations of instances that were terminated."""
    gone = [{"Id": id_, "Port": port} for id_, port in group.targets if id_ in instance_ids]
    deregister(group, gone)


def drained(group: Any) -> dict[Key, Target]:
    """What is still being drained; what has been is forgotten."""
    held = group.deregistered_targets
    for key in [key for key, each in held.items() if each["until"] <= now()]:
        del held[key]
    left: dict[Key, Target] = held
    return left


def describe(group: Any, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """TargetHealthDescriptions of these targets, or of all."""
    everything = [*group.targets.values(), *drained(group).values()]
    return [
        _description(group, each) for each in ([read(group, row) for row in rows] or everything)
    ]


def _description(group: Any, asked: Target) -> dict[str, Any]:
    known = group.targets.get(key_of(asked)) or drained(group).get(key_of(asked)) or asked
    shown = {name: known[name] for name in ("Id", "Port", "AvailabilityZone") if name in known}
    port = group.health_check_port
    return {
        "Target": shown,
        "HealthCheckPort": str(known["Port"] if port in (None, "traffic-port") else port),
        "TargetHealth": health(group, key_of(asked)),
    }


def health(group: Any, key: Key) -> dict[str, str]:
    """State of a registration, with reason and description unless it is healthy."""
    if key in drained(group):
        text = "Target deregistration is in progress"
        return _health("draining", "Target.DeregistrationInProgress", text)
    if key not in group.targets:
        text = "Target is not registered to the target group"
        return _health("unused", "Target.NotRegistered", text)
    if not group.load_balancer_arns:
        text = "Target group is not configured to receive traffic from the load balancer"
        return _health("unused", "Target.NotInUse", text)
    return _used(group, key)


def _used(group: Any, key: Key) -> dict[str, str]:
    instance = instance_of(group, key[0])
    if instance and instance.state != "running":
        text = f"Target is in the {instance.state} state"
        return _health("unused", "Target.InvalidState", text)
    if now() < group.targets[key]["since"] + INITIAL:
        return _health("initial", "Elb.InitialHealthChecking", "Initial health checks in progress")
    if not reachable(group, *key):
        return _health("unhealthy", "Target.Timeout", "Request timed out")
    return {"State": "healthy"}


def _health(state: str, reason: str, description: str) -> dict[str, str]:
    return {"State": state, "Reason": reason, "Description": description}


def reachable(group: Any, target_id: str, port: int) -> bool:
    """Whether a rule lets the port of a target in; an address outside the VPC is out of sight."""
    instance = instance_of(group, target_id)
    if instance:
        return lets_in(instance.nics[0], port)
    nic = _interface(group, target_id)
    return lets_in(nic, port) if nic else not _in_vpc(group, target_id)


def lets_in(nic: Any, port: int) -> bool:
    """Whether a rule of an interface's groups lets a TCP port in, from wherever."""
    return any(
        rule.ip_protocol == "-1"
        or (rule.ip_protocol in ("tcp", "6") and rule.from_port <= port <= rule.to_port)
        for each in nic.group_set
        for rule in each.ingress_rules
    )


def _ec2(group: Any) -> Any:
    return ec2_backends[group.account_id][group.region_name]


def _interface(group: Any, address: str) -> Any:
    for nic in _ec2(group).enis.values():
        held = {
            nic.private_ip_address,
            *(row["PrivateIpAddress"] for row in nic.private_ip_addresses),
        }
        if address in held and nic.vpc_id == group.vpc_id:
            return nic
    return None


def _in_vpc(group: Any, address: str) -> bool:
    vpc = _ec2(group).vpcs[group.vpc_id]
    blocks = [row["cidr_block"] for row in vpc.cidr_block_association_set]
    return any(inside(address, block) for block in [vpc.cidr_block, *blocks])


def _zone(group: Any, target: Target) -> dict[str, str]:
    """The zone of an address in the VPC is found out; one outside keeps what was said."""
    if group.target_type != "ip":
        return {}
    subnets = [each for zone in _ec2(group).subnets.values() for each in zone.values()]
    for subnet in subnets:
        if subnet.vpc_id == group.vpc_id and inside(target["Id"], subnet.cidr_block):
            return {"AvailabilityZone": subnet.availability_zone}
    return {}


def _check(group: Any, target: Target) -> None:
    if group.target_type not in ("instance", "ip"):
        raise NotImplementedError(f"targets of type {group.target_type}")
    if target["Port"] not in PORTS:
        text = f"Port '{target['Port']}' must be between 1 and 65535 inclusive"
        fail("ValidationError", text)
    (_check_instance if group.target_type == "instance" else _check_address)(group, target)


def _check_instance(group: Any, target: Target) -> None:
    if not target["Id"].startswith("i-"):
        fail("ValidationError", f"Instance ID '{target['Id']}' is not valid")
    if "AvailabilityZone" in target:
        text = "You cannot specify an Availability Zone for a target of type 'instance'"
        fail("ValidationError", text)
    instance = instance_of(group, target["Id"])
    if instance is None:
        text = f"The following targets are not valid instances: '{target['Id']}'"
        fail("InvalidTarget", text)
    if instance.vpc_id and instance.vpc_id != group.vpc_id:
        where = f"the target group VPC '{group.vpc_id}': '{target['Id']}'"
        fail("InvalidTarget", f"The following targets are not in {where}")


def _check_running(group: Any, made: list[Target]) -> None:
    if group.target_type != "instance":
        return
    ids = [each["Id"] for each in made if instance_of(group, each["Id"]).state != "running"]
    if ids:
        names = ", ".join(f"'{each}'" for each in dict.fromkeys(ids))
        text = "The following targets are not in a running state and cannot be registered"
        fail("InvalidTarget", f"{text}: {names}")


def _check_address(group: Any, target: Target) -> None:
    address, zone = target["Id"], target.get("AvailabilityZone")
    try:
        ipaddress.ip_address(address)
    except ValueError:
        fail("ValidationError", f"The IP address '{address}' is not a valid IPv4 address")
    if _in_vpc(group, address):
        actual = _zone(group, target).get("AvailabilityZone")
        if zone not in (None, actual):
            text = f"The Availability Zone '{zone}' is not that of the IP address '{address}'"
            fail("ValidationError", text)
        return
    if not any(inside(address, block) for block in _PRIVATE):
        fail("InvalidTarget", f"The IP address '{address}' is not a private address")
    if zone != "all":
        text = f"You must specify the Availability Zone 'all' for '{address}'"
        fail("ValidationError", f"{text}, since it is outside the VPC '{group.vpc_id}'")


def moments() -> Iterator[float]:
    """When targets that arrive or leave have done so."""
    for backend in alive(elbv2_backends):
        settle(backend)
        for group in list(backend.target_groups.values()):
            yield from (each["until"] for each in drained(group).values())
            since = [each["since"] + INITIAL for each in group.targets.values()]
            yield from (each for each in since if each > now())
