"""A fleet of instances that have everything, and what AWS tells of each.

Each has a VPC, a role, a group and balancers of its own, so that all of them make the same calls
when they are contained, and one call of one run can be met by a fault.
"""

import itertools
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from skill.engine.records import run_id
from tests.world import Json, Sandbox, http

CAPS = ("InstanceCapPerHour=1000", "LockCapPerHour=1000", "RequestCap=1000")
# So many releases an hour are allowed, and the template has no parameter for it.
RELEASES = 20
_messages = itertools.count(1)


def instance(name: str, vpc: str) -> Json:
    """Two interfaces, an Elastic IP, a volume that goes with it, a role."""
    return {
        "name": name,
        "subnet": f"{vpc}-a",
        "groups": [f"{vpc}-web", f"{vpc}-admin"],
        "role": f"role-{name}",
        "eip": True,
        "volumes": [{"device": "/dev/sdf", "size": 8, "delete_on_termination": True}],
        "secondary": [{"subnet": f"{vpc}-a", "groups": [f"{vpc}-admin"]}],
    }


def vpc(name: str, number: int) -> Json:
    block = f"10.{number}"
    return {
        "cidr": f"{block}.0.0/16",
        "subnets": {
            f"{name}-a": {"cidr": f"{block}.0.0/20", "zone": "us-east-1a"},
            f"{name}-b": {"cidr": f"{block}.16.0/20", "zone": "us-east-1b"},
        },
        "security_groups": {
            f"{name}-web": {"ingress": [{"port": 80, "cidr": "0.0.0.0/0"}]},
            f"{name}-admin": {"ingress": [{"port": 22, "cidr": f"{block}.0.0/16"}]},
        },
    }


def named(count: int, vpcs: int) -> dict[str, str]:
    """Instances m-0, m-1, ... to their VPCs, by turns."""
    return {f"m-{number}": f"v{number % vpcs}" for number in range(count)}


def network(names: dict[str, str]) -> Json:
    """A world of these instances, without groups and balancers round them."""
    return {
        "roles": {f"role-{name}": {"actions": ["s3:GetObject"]} for name in names},
        "vpcs": {each: vpc(each, int(each[1:])) for each in dict.fromkeys(names.values())},
        "instances": [instance(name, each) for name, each in names.items()],
    }


def scenario(count: int) -> Json:
    """Instances with everything, in a VPC each."""
    names = named(count, count)
    return network(names) | {
        "target_groups": {
            **{f"t-{n}": {"vpc": v, "port": 80, "targets": [n]} for n, v in names.items()},
            **{
                f"a-{n}": {"vpc": v, "port": 80, "type": "ip", "targets": [n]}
                for n, v in names.items()
            },
        },
        "classic_load_balancers": {
            f"c-{n}": {"subnets": [f"{v}-a", f"{v}-b"], "instances": [n]} for n, v in names.items()
        },
        "auto_scaling_groups": {
            f"s-{n}": {
                "min": 1,
                "max": 2,
                "subnets": [f"{v}-a"],
                "instances": [n],
                "target_groups": [f"t-{n}"],
            }
            for n, v in names.items()
        },
    }


@contextmanager
def world(document: Json, *options: str) -> Iterator[Sandbox]:
    """A box with this scenario and with caps that a fleet fits into."""
    sets = [part for cap in CAPS for part in ("--set", cap)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fleet.json"
        path.write_text(json.dumps(document))
        box = Sandbox(("--scenario", str(path), *sets, *options)).start()
        try:
            yield box
        finally:
            box.stop()


def idle(box: Sandbox, seconds: int = 900) -> None:
    """As `box.idle`, for what takes longer."""
    status, answer = http(
        "POST", box.ready["control"] + "/idle", {"timeout": seconds}, seconds + 30
    )
    assert (status, answer) == (200, {"idle": True})


def new_message() -> str:
    return f"message-{next(_messages)}"


def run_of(message: str) -> str:
    """The id of the run that a message asks for, known before it is sent."""
    return run_id(f"sns#{message}")


def send(box: Sandbox, arn: str, message: str, action: str = "lock") -> None:
    """Give the events function a record of the lockdown topic, with an id of our choice."""
    given = {"Arn": arn, "ExternalId": box.ready["external_id"], "Action": action}
    attributes = {name: {"Type": "String", "Value": value} for name, value in given.items()}
    sns = {
        "Type": "Notification",
        "MessageId": message,
        "TopicArn": box.ready["lockdown_topic"],
        "Message": "lockdown",
        "MessageAttributes": attributes,
    }
    payload = {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": sns}]}
    box.aws("lambda").invoke(
        FunctionName="toban-events", InvocationType="Event", Payload=json.dumps(payload)
    )


def instance_arn(box: Sandbox, instance: str) -> str:
    return f"arn:aws:ec2:{box.ready['region']}:{box.ready['account']}:instance/{instance}"


def send_all(box: Sandbox, arns: dict[str, str], action: str = "lock") -> None:
    """A message for each ARN, by message id, and all that comes of it; so many releases at a time
    as the hour allows.
    """
    rows = list(arns.items())
    size = RELEASES if action == "release" else len(rows) or 1
    for first in range(0, len(rows), size):
        an_hour_passes(box)
        for message, arn in rows[first : first + size]:
            send(box, arn, message, action)
        idle(box)


def an_hour_passes(box: Sandbox) -> None:
    """For the hourly caps: what the ledger has of runs is older."""
    there, table = box.aws("dynamodb"), _table(box)
    earlier = (datetime.now(UTC) - timedelta(hours=2)).isoformat(timespec="milliseconds")
    for row in _items(box):
        if row["pk"]["S"].startswith("cap#"):
            there.delete_item(TableName=table, Key={"pk": row["pk"], "sk": row["sk"]})
        if row["sk"]["S"] == "record" and row["at"]["S"] > earlier:
            there.update_item(
                TableName=table,
                Key={"pk": row["pk"], "sk": row["sk"]},
                UpdateExpression="SET #at = :at",
                ExpressionAttributeNames={"#at": "at"},
                ExpressionAttributeValues={":at": {"S": earlier}},
            )


def _table(box: Sandbox) -> str:
    (name,) = box.aws("dynamodb").list_tables()["TableNames"]
    return str(name)


def _items(box: Sandbox) -> Iterable[dict[str, Any]]:
    pages = box.aws("dynamodb").get_paginator("scan").paginate(TableName=_table(box))
    return [item for page in pages for item in page["Items"]]


def records(box: Sandbox) -> dict[str, Json]:
    """The open records of what is contained, by key."""
    rows = [row for row in _items(box) if row["sk"]["S"] == "contained"]
    return {row["pk"]["S"].removeprefix("entity#"): json.loads(row["doc"]["S"]) for row in rows}


def runs(box: Sandbox) -> dict[str, Json]:
    return {run["id"]: run for run in box.runs()}
