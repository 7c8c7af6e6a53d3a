"""A home with two more accounts of its organisation, one of which is listed: clients, and truth."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from tests.events_world import accounts, raw
from tests.world import ROOT, Json, Sandbox

SCENARIO = ROOT / "tests/scenarios/members.json"
MEMBER, STRANGER = "222222222222", "333333333333"
AWAY, HOME = "eu-west-1", "us-east-1"


def members_box() -> Iterator[Sandbox]:
    """The fixture of a module: `standing = pytest.fixture(members_box, scope="module")`."""
    box = Sandbox(("--scenario", str(SCENARIO))).start()
    yield box
    box.stop()


standing_members = pytest.fixture(members_box, scope="module")


def client(box: Sandbox, service: str, account: str = MEMBER, region: str = AWAY) -> Any:
    """A client as the administrator of another account."""
    role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    keys = box.aws("sts").assume_role(RoleArn=role, RoleSessionName="administrator")["Credentials"]
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=box.ready["aws"],
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def instance(ec2: Any, name: str) -> str:
    """The id of an instance by its name."""
    wanted = [{"Name": "tag:Name", "Values": [name]}]
    (found,) = ec2.describe_instances(Filters=wanted)["Reservations"]
    return str(found["Instances"][0]["InstanceId"])


def groups(ec2: Any, name: str) -> list[str]:
    """The names of an instance's security groups, of all its interfaces."""
    wanted = [{"Name": "attachment.instance-id", "Values": [instance(ec2, name)]}]
    rows = ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    return sorted({group["GroupName"] for row in rows for group in row["Groups"]})


def tag(ec2: Any, name: str, value: str) -> None:
    """Set the request tag, as somebody of that account."""
    ec2.create_tags(Resources=[instance(ec2, name)], Tags=[{"Key": "Toban", "Value": value}])


def letters(sqs: Any) -> list[Json]:
    """What an account could not forward, taken out of its queue: code and event."""
    (url,) = [one for one in sqs.list_queues()["QueueUrls"] if "ForwardDlq" in one]
    asked = {"MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
    rows = sqs.receive_message(QueueUrl=url, **asked).get("Messages", [])
    for row in rows:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=row["ReceiptHandle"])
    return [_letter(row) for row in rows]


def _letter(row: Json) -> Json:
    code = row["MessageAttributes"]["ERROR_CODE"]["StringValue"]
    return {"code": code, "event": json.loads(row["Body"])}


def told(box: Sandbox, channel: str = "slack") -> list[str]:
    """Every message of a channel as one text."""
    return [
        json.dumps(row, ensure_ascii=False) for row in box.messages() if row["channel"] == channel
    ]


def created(box: Sandbox, name: str, account: str = MEMBER, region: str = AWAY) -> Json:
    """The documented event of a member, about an instance of a member of the box."""
    ec2 = client(box, "ec2", account, region)
    text = json.dumps(raw("created-tags-member"))
    for there, here in {
        "i-0a1b2c3d4e5f60718": instance(ec2, name),
        MEMBER: account,
        "eu-west-1": region,
        "user/operator": "role/OrganizationAccountAccessRole",
    }.items():
        text = text.replace(there, here)
    made: Json = json.loads(text)
    return made


def runs(box: Sandbox, name: str) -> list[tuple[str, str]]:
    """What was done about an instance, and how it ended."""
    rows = [run for run in box.runs() if run["plan"]["targets"][0]["name"] == name]
    return [(run["action"], run["ending"]) for run in rows]


def ends(box: Sandbox) -> list[tuple[str, str, str]]:
    """Every event's route, end and reason."""
    return sorted((row["route"], row["outcome"], row["reason"]) for row in accounts(box))


def about(box: Sandbox, name: str) -> list[str]:
    return [one for one in told(box) if name in one]


def critical(ec2: Any, name: str, **more: Any) -> Json:
    """A grave finding for PUT /world, on an instance of wherever the client is."""
    package = {"name": "zlib1g", "version": "1", "fixedInVersion": "2", "packageManager": "OS"}
    return {
        "severity": "CRITICAL",
        "inspectorScore": 9.8,
        "title": f"CVE-2022-37434 - zlib1g on {name}",
        "packageVulnerabilityDetails": {
            "vulnerabilityId": "CVE-2022-37434",
            "vulnerablePackages": [package],
        },
        "resources": [{"id": instance(ec2, name)}],
        **more,
    }


def put(box: Sandbox, region: str, name: str, **more: Any) -> None:
    place = {"account": MEMBER, "region": region}
    finding = critical(client(box, "ec2", region=region), name, **more)
    box.control("PUT", "/world", {"place": place, "findings": [finding]})
    box.idle()
