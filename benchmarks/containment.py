"""How soon an instance is cut off: from the request until all interfaces are isolated."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.meter import Sample
from benchmarks.rounds import in_sequence
from tests.world import Json, Sandbox

MOVE = "ModifyNetworkInterfaceAttribute"
# The durable engine's own calls.
ENGINE = "lambda"
# Name to how many interfaces it has, and whether it has all else that a containment may touch.
SUBJECTS = {
    "1 interface": (1, False),
    "4 interfaces": (4, False),
    "1 interface and all else": (1, True),
    "4 interfaces and all else": (4, True),
}


@dataclass(frozen=True)
class Cut:
    """One containment until its last interface was isolated; `engine` counts the calls of the
    durable engine among all.
    """

    sample: Sample
    engine: int


def scenario() -> Json:
    """The subjects, each in a VPC of its own."""
    rows = list(enumerate(SUBJECTS.items()))
    whole = [number for number, (_, (_, everything)) in rows if everything]
    return {
        "roles": {f"role-{number}": {"actions": ["s3:GetObject"]} for number in whole},
        "vpcs": {f"v{number}": _vpc(number) for number, _ in rows},
        "instances": [_instance(number, name, *what) for number, (name, what) in rows],
        "target_groups": {
            f"t-{number}": {"vpc": f"v{number}", "port": 80, "targets": [rows[number][1][0]]}
            for number in whole
        },
        "auto_scaling_groups": {
            f"s-{number}": {
                "min": 1,
                "max": 2,
                "subnets": [f"v{number}-a"],
                "instances": [rows[number][1][0]],
                "target_groups": [f"t-{number}"],
            }
            for number in whole
        },
    }


def _vpc(number: int) -> Json:
    block = f"10.{number}"
    subnets = {
        f"v{number}-{zone}": {"cidr": f"{block}.{16 * at}.0/20", "zone": f"us-east-1{zone}"}
        for at, zone in enumerate("ab")
    }
    groups = {f"web-{number}": {"ingress": [{"port": 80, "cidr": "0.0.0.0/0"}]}}
    return {"cidr": f"{block}.0.0/16", "subnets": subnets, "security_groups": groups}


def _instance(number: int, name: str, interfaces: int, everything: bool) -> Json:
    place = {"subnet": f"v{number}-a", "groups": [f"web-{number}"]}
    disk = {"device": "/dev/sdf", "size": 8, "delete_on_termination": True}
    more = {"role": f"role-{number}", "eip": True, "volumes": [disk]}
    secondary = {"secondary": [place] * (interfaces - 1)} if interfaces > 1 else {}
    return {"name": name, **place, **secondary, **(more if everything else {})}


@contextmanager
def world(*options: str) -> Iterator[Sandbox]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "containment.json"
        path.write_text(json.dumps(scenario()))
        cap = ("--set", "InstanceCapPerHour=1000")
        box = Sandbox(("--scenario", str(path), *cap, *options)).start()
        try:
            yield box
        finally:
            box.stop()


def measure(box: Sandbox, rounds: int) -> dict[str, list[Cut]]:
    """Contain and release each subject by a message, so many times."""
    found: dict[str, list[Cut]] = {name: [] for name in SUBJECTS}
    for _ in range(rounds):
        for name, cuts in found.items():
            arn = _arn(box, box.instance(name)["InstanceId"])
            cuts.append(_contain(box, arn))
            _send(box, arn, "release")
            box.idle()
    return found


def _contain(box: Sandbox, arn: str) -> Cut:
    box.forget_calls()
    began = time.time()
    _send(box, arn, "lock")
    box.idle()
    calls = box.calls()
    last = max(_end(row) for row in calls if row["operation"] == MOVE)
    until = [row for row in calls if row["at"] < last]
    sample = Sample((last - began) * 1000, len(until), in_sequence(until))
    return Cut(sample, sum(row["service"] == ENGINE for row in until))


def _end(row: Json) -> float:
    return float(row["at"] + row["ms"] / 1000)


def _arn(box: Sandbox, instance: str) -> str:
    return f"arn:aws:ec2:{box.ready['region']}:{box.ready['account']}:instance/{instance}"


def _send(box: Sandbox, arn: str, action: str) -> None:
    given = {"Arn": arn, "ExternalId": box.ready["external_id"], "Action": action}
    box.aws("sns").publish(
        TopicArn=box.ready["lockdown_topic"],
        Message="lockdown",
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in given.items()
        },
    )
