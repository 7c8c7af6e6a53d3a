"""Scaling activities: what a group did, why, and whether it is done."""

import uuid
from datetime import UTC, datetime
from typing import Any

from moto.moto_api._internal import mock_random

from sandbox.balance.base import now

Activity = dict[str, Any]


def start(group: Any, instance: Any, what: str, why: str, **state: Any) -> Activity:
    """Note an activity that has just begun; it is shown until it is done and after."""
    where = (
        f'{{"Subnet ID":"{instance.subnet_id}","Availability Zone":"{instance.placement.zone}"}}'
    )
    row = {
        "ActivityId": str(uuid.UUID(int=mock_random.getrandbits(128), version=4)),
        "AutoScalingGroupName": group.name,
        "AutoScalingGroupARN": group.arn,
        "Description": f"{what}: {instance.id}",
        "Cause": f"At {stamp()} {why}",
        "StartTime": datetime.fromtimestamp(now(), UTC),
        "StatusCode": "InProgress",
        "Progress": 50,
        "Details": where,
    } | state
    of(group.autoscaling_backend).insert(0, row)
    return row


def of(backend: Any) -> list[Activity]:
    """All activities of an account and Region, newest first."""
    held: list[Activity] = backend.__dict__.setdefault("ext_activities", [])
    return held


def finish(row: Activity | None) -> None:
    """The activity has succeeded."""
    if row is not None:
        row |= {"StatusCode": "Successful", "Progress": 100}
        row["EndTime"] = datetime.fromtimestamp(now(), UTC)


def stamp() -> str:
    """The modelled time as causes write it."""
    return datetime.fromtimestamp(now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
