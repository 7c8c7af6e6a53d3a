"""A whole fleet is contained at once, and AWS's request limits hold: nobody is refused or lost.

The suite takes a part of the fleet; `make drill` takes a hundred, in one VPC and in ten.
"""

import os
from typing import Any

import pytest

from tests.product.fleet_truth import groups_of_ours
from tests.product.fleet_world import (
    instance_arn,
    named,
    network,
    new_message,
    records,
    run_of,
    runs,
    send_all,
    world,
)
from tests.world import Figure, Json, Sandbox

DRILL = bool(os.environ.get("DRILL"))
FLEETS = [(100, 1), (100, 10)] if DRILL else [(6, 2)]


def instances(box: Sandbox) -> list[str]:
    pages = box.ec2.get_paginator("describe_instances").paginate()
    rows = [row for page in pages for group in page["Reservations"] for row in group["Instances"]]
    return [str(row["InstanceId"]) for row in rows]


def cards(box: Sandbox) -> list[Json]:
    pages = box.ec2.get_paginator("describe_network_interfaces").paginate()
    rows = [row for page in pages for row in page["NetworkInterfaces"]]
    return [row for row in rows if "InstanceId" in row.get("Attachment", {})]


def limits(box: Sandbox) -> dict[str, Json]:
    """EC2's buckets by name."""
    rows: list[Any] = box.control("GET", "/limits")["buckets"]
    return {row["bucket"]: row for row in rows}


def figures(found: list[Json], buckets: dict[str, Json]) -> str:
    seconds = max(run["result"]["facts"]["seconds"] for run in found)
    low = sorted(buckets.values(), key=lambda row: row["least"] / row["capacity"])[:4]
    rows = [f"{row['bucket']} {row['least']:.0f} of {row['capacity']}" for row in low]
    refused = sum(row["refused"] for row in buckets.values())
    return f"{seconds} s until the last has ended, {refused} refused; least: {', '.join(rows)}"


@pytest.mark.parametrize(("count", "vpcs"), FLEETS, ids=str)
def test_a_fleet_at_once(count: int, vpcs: int, figure: Figure) -> None:
    with world(network(named(count, vpcs))) as box:
        box.control("PUT", "/limits", {"ec2": True})
        messages = {new_message(): instance_arn(box, one) for one in instances(box)}
        send_all(box, messages)
        found = runs(box)
        assert sorted(found) == sorted(map(run_of, messages))
        assert {run["ending"] for run in found.values()} == {"done"}
        isolation = groups_of_ours(box, "isolation")
        assert len(isolation) == vpcs and len(records(box)) == count
        held = [[group["GroupId"] for group in row["Groups"]] for row in cards(box)]
        assert len(held) == 2 * count and all(len(one) == 1 for one in held)
        assert {one for each in held for one in each} == isolation
        buckets = limits(box)
        figure(f"{count} in {vpcs}: {figures(list(found.values()), buckets)}")
        assert {name: row["refused"] for name, row in buckets.items() if row["refused"]} == {}
        assert buckets["ModifyNetworkInterfaceAttribute"]["least"] < 100
