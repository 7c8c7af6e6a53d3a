"""Target groups (elbv2) and classic load balancers (elb), as far as one instance is concerned."""

import functools
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from skill.aws.client import Clients, Service

Target = dict[str, Any]
_GONE = ("draining", "unused")
_ASKING = 16


class Balancers:
    """Both kinds. A target is {"group", "id", "port"} and, for an address, perhaps "zone"."""

    def __init__(self, clients: Clients) -> None:
        self._v2 = _V2(clients)
        self._classic = _Classic(clients)

    def groups(self) -> list[dict[str, Any]]:
        """Every target group of the Region."""
        return list(self._v2.marked("describe_target_groups", "TargetGroups"))

    def targets(self, groups: Sequence[str], ids: Collection[str]) -> tuple[list[Target], int]:
        """Every registration of an instance, by its id or by one of its addresses, in some groups;
        and in how many of those it is the last healthy target.
        """
        with ThreadPoolExecutor(_ASKING) as pool:
            found = list(pool.map(functools.partial(self._v2.held, ids=frozenset(ids)), groups))
        targets = [row for rows, _ in found for row in rows]
        return targets, sum(bool(rows) and not others for rows, others in found)

    def take_out(self, group: str, targets: Sequence[Target]) -> None:
        self._v2.call("deregister_targets", TargetGroupArn=group, Targets=_wire(targets))

    def put_in(self, group: str, targets: Sequence[Target]) -> None:
        self._v2.call("register_targets", TargetGroupArn=group, Targets=_wire(targets))

    def classic(self, instance: str) -> list[str]:
        """The names of the classic load balancers that send to an instance."""
        rows = self._classic.all()
        return sorted(
            row["LoadBalancerName"]
            for row in rows
            if instance in [each["InstanceId"] for each in row["Instances"]]
        )

    def take_out_classic(self, name: str, instance: str) -> None:
        self._classic.change("deregister_instances_from_load_balancer", name, instance)

    def put_in_classic(self, name: str, instance: str) -> None:
        self._classic.change("register_instances_with_load_balancer", name, instance)


class _V2(Service):
    name = "elbv2"

    def held(self, group: str, ids: frozenset[str]) -> tuple[list[Target], int]:
        """The targets of one group that are `ids`, and how many others are healthy. One that is
        being drained has left.
        """
        rows = self.call("describe_target_health", TargetGroupArn=group)["TargetHealthDescriptions"]
        live = [row for row in rows if row["TargetHealth"]["State"] not in _GONE or _idle(row)]
        ours = [row["Target"] for row in live if row["Target"]["Id"] in ids]
        others = sum(
            row["TargetHealth"]["State"] == "healthy"
            for row in live
            if row["Target"]["Id"] not in ids
        )
        return [_target(group, row) for row in ours], others


class _Classic(Service):
    name = "elb"

    def all(self) -> list[dict[str, Any]]:
        return list(self.marked("describe_load_balancers", "LoadBalancerDescriptions"))

    def change(self, operation: str, name: str, instance: str) -> None:
        self.call(operation, LoadBalancerName=name, Instances=[{"InstanceId": instance}])


def _idle(row: dict[str, Any]) -> bool:
    """Registered in a group that no load balancer uses, or stopped: it may serve again."""
    return row["TargetHealth"].get("Reason") in ("Target.NotInUse", "Target.InvalidState")


def _target(group: str, row: dict[str, Any]) -> Target:
    zone = {"zone": row["AvailabilityZone"]} if row.get("AvailabilityZone") else {}
    return {"group": group, "id": row["Id"], "port": row.get("Port", 0), **zone}


def _wire(targets: Sequence[Target]) -> list[dict[str, Any]]:
    return list(_each(targets))


def _each(targets: Sequence[Target]) -> Iterator[dict[str, Any]]:
    for one in targets:
        port = {"Port": one["port"]} if one["port"] else {}
        zone = {"AvailabilityZone": one["zone"]} if one.get("zone") else {}
        yield {"Id": one["id"], **port, **zone}
