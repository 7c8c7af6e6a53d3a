"""Events that go from one account's bus to another's: the role, the policy, the one hop."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from sandbox.ext import events
from sandbox.runtime import calls, organization
from sandbox.runtime.account import role_may
from tests.sandbox.actors_world import MEMBER, REGION
from tests.sandbox.delivery_world import Client, World

HOME = "123456789012"
BUS = f"arn:aws:events:us-east-1:{HOME}:event-bus/central"
THERE = f"arn:aws:events:{REGION}:{MEMBER}"
QUEUE = f"arn:aws:sqs:{REGION}:{MEMBER}:letters"
EVENTS = {"Service": "events.amazonaws.com"}
Json = dict[str, Any]


class Accounts:
    """Two accounts in moto: a client of any service in each, and what is delivered between them."""

    def __init__(self) -> None:
        self.world = World(role_may=role_may)
        self._made: dict[tuple[str, str, str], Client] = {}

    def home(self, service: str) -> Client:
        return self._client(service, HOME, "us-east-1")

    def member(self, service: str, region: str = REGION) -> Client:
        return self._client(service, MEMBER, region)

    def _client(self, service: str, account: str, region: str) -> Client:
        key = (service, account, region)
        if key not in self._made:
            keys = {} if account == HOME else _keys(account)
            client = boto3.client(service, region_name=region, **keys)
            self._made[key] = Client(service, self.world.lock, client)
        return self._made[key]


def _keys(account: str) -> dict[str, str]:
    role = f"arn:aws:iam::{account}:role/administrator"
    made = boto3.client("sts", region_name=REGION).assume_role(RoleArn=role, RoleSessionName="test")
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    keys = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    return {key: made["Credentials"][name] for key, name in zip(keys, names, strict=True)}


@pytest.fixture(scope="module")
def wired() -> Iterator[Accounts]:
    """A bus at home with a queue behind it, and a rule of the member with a role and a queue."""
    events.install()
    with mock_aws():
        made = Accounts()
        made.home("events").create_event_bus(Name="central")
        _queue(made.home("sqs"), f"arn:aws:sqs:us-east-1:{HOME}:arrived")
        _queue(made.member("sqs"), QUEUE)
        made.member("iam").create_role(
            RoleName=organization.ROLE, AssumeRolePolicyDocument=_document()
        )
        _role(made, EVENTS, BUS)
        arrived = {"Arn": f"arn:aws:sqs:us-east-1:{HOME}:arrived"}
        _rule(made.home("events"), "arrives", arrived, bus="central")
        _rule(made.member("events"), "sends", _target())
        yield made
        assert made.world.delivery.stop(20)


def _statement(principal: Any, action: str, resource: str, condition: Json | None = None) -> Json:
    found = {"Sid": "s", "Effect": "Allow", "Principal": principal, "Action": action}
    return found | {"Resource": resource} | ({"Condition": condition} if condition else {})


def _document(*statements: Json) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _queue(sqs: Any, arn: str) -> None:
    policy = _document(_statement(EVENTS, "sqs:SendMessage", arn))
    sqs.create_queue(QueueName=arn.rsplit(":", 1)[-1], Attributes={"Policy": policy})


def _role(box: Accounts, trusted: Any, bus: str) -> None:
    """The role that the member's rule sends with."""
    iam = box.member("iam")
    trust = _statement(trusted, "sts:AssumeRole", "*")
    del trust["Resource"]
    if "sender" not in [row["RoleName"] for row in iam.list_roles()["Roles"]]:
        iam.create_role(RoleName="sender", AssumeRolePolicyDocument=_document(trust))
    iam.update_assume_role_policy(RoleName="sender", PolicyDocument=_document(trust))
    allowed = {"Effect": "Allow", "Action": "events:PutEvents", "Resource": bus}
    iam.put_role_policy(RoleName="sender", PolicyName="send", PolicyDocument=_document(allowed))


def _target() -> Json:
    role = f"arn:aws:iam::{MEMBER}:role/sender"
    return {"Arn": BUS, "RoleArn": role, "DeadLetterConfig": {"Arn": QUEUE}}


def _rule(client: Any, name: str, target: Json, bus: str = "default") -> None:
    client.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps({"source": ["demo"]}))
    client.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "1", **target}])


def _let_in(box: Accounts, principal: Any, condition: Json | None = None) -> None:
    policy = _document(_statement(principal, "events:PutEvents", BUS, condition))
    box.home("events").put_permission(EventBusName="central", Policy=policy)


def _shut(box: Accounts) -> None:
    box.home("events").remove_permission(EventBusName="central", RemoveAllPermissions=True)


def _put(client: Any, bus: str = "default") -> Json:
    entry = {"Source": "demo", "DetailType": "Thing", "Detail": "{}", "EventBusName": bus}
    return dict(client.put_events(Entries=[entry]))


def _taken(sqs: Any, name: str) -> list[tuple[Json, str]]:
    """What is in a queue, with the code of each dead letter."""
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    asked = {"MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
    rows = sqs.receive_message(QueueUrl=url, **asked).get("Messages", [])
    for row in rows:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=row["ReceiptHandle"])
    return [(json.loads(row["Body"]), _code(row)) for row in rows]


def _code(row: Json) -> str:
    return str(row.get("MessageAttributes", {}).get("ERROR_CODE", {}).get("StringValue", ""))


def sent(box: Accounts) -> tuple[list[Json], list[str]]:
    """The member sends an event: what arrives at home, and the codes of what is given up."""
    _put(box.member("events"))
    box.world.settle()
    arrived = [event for event, _ in _taken(box.home("sqs"), "arrived")]
    return arrived, [code for _, code in _taken(box.member("sqs"), "letters")]


@pytest.mark.parametrize(
    ("principal", "condition"),
    [
        ({"AWS": MEMBER}, None),
        ({"AWS": f"arn:aws:iam::{MEMBER}:root"}, {"StringEquals": {"events:source": "demo"}}),
        ("*", {"StringEquals": {"aws:PrincipalOrgID": organization.ID}}),
        ({"AWS": MEMBER}, {"Bool": {"events:eventBusInvocation": "true"}}),
        ({"AWS": MEMBER}, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/sender"}}),
    ],
)
def test_who_is_let_in_arrives_as_what_it_was(
    wired: Accounts, principal: Any, condition: Json | None
) -> None:
    _let_in(wired, principal, condition)
    (event,), dead = sent(wired)
    assert (event["account"], event["region"], event["source"]) == (MEMBER, REGION, "demo")
    assert dead == []


@pytest.mark.parametrize(
    ("principal", "condition"),
    [
        ({"AWS": "333333333333"}, None),
        ("*", {"StringEquals": {"aws:PrincipalOrgID": "o-somebody001"}}),
        ({"AWS": MEMBER}, {"StringEquals": {"events:source": "aws.ec2"}}),
        ({"AWS": MEMBER}, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/other"}}),
    ],
)
def test_whom_the_bus_does_not_let_in_ends_in_the_senders_queue(
    wired: Accounts, principal: Any, condition: Json | None
) -> None:
    _let_in(wired, principal, condition)
    assert sent(wired) == ([], ["NO_PERMISSIONS"])


@pytest.mark.parametrize(
    ("trusted", "bus"),
    [
        ({"Service": "lambda.amazonaws.com"}, BUS),
        (EVENTS, BUS.replace("central", "other")),
    ],
)
def test_the_role_must_let_eventbridge_in_and_may_put_on_that_bus(
    wired: Accounts, trusted: Any, bus: str
) -> None:
    _let_in(wired, {"AWS": MEMBER})
    _role(wired, trusted, bus)
    assert sent(wired) == ([], ["NO_PERMISSIONS"])
    _role(wired, EVENTS, BUS)


def test_without_a_role_nothing_is_sent(wired: Accounts) -> None:
    _let_in(wired, {"AWS": MEMBER})
    bare = _target()
    del bare["RoleArn"]
    _rule(wired.member("events"), "sends", bare)
    assert sent(wired) == ([], ["NO_PERMISSIONS"])
    _rule(wired.member("events"), "sends", _target())


def test_what_was_sent_on_is_not_sent_on_again(wired: Accounts) -> None:
    """Not to another bus of the receiver, nor back to who sent it."""
    _let_in(wired, {"AWS": MEMBER})
    home = wired.home("events")
    home.create_event_bus(Name="third")
    role = f"arn:aws:iam::{HOME}:role/sender"
    places = {"on": BUS.replace("central", "third"), "back": f"{THERE}:event-bus/default"}
    for name, bus in places.items():
        _rule(home, name, {"Arn": bus, "RoleArn": role}, bus="central")
    arrived, dead = sent(wired)
    assert (len(arrived), dead) == (1, [])
    assert wired.world.delivery.dropped == 0


def test_a_call_from_another_account_needs_the_bus_s_policy(wired: Accounts) -> None:
    calls.set_caller(calls.Caller(f"arn:aws:sts::{MEMBER}:assumed-role/administrator/test"))
    same_region = wired.member("events", "us-east-1")
    _shut(wired)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        _put(same_region, BUS)
    _let_in(wired, {"AWS": MEMBER}, {"Bool": {"events:eventBusInvocation": "true"}})
    with pytest.raises(ClientError, match="AccessDeniedException"):
        _put(same_region, BUS)
    _let_in(wired, {"AWS": MEMBER})
    assert _put(same_region, BUS)["FailedEntryCount"] == 0
    wired.world.settle()
    ((event, _),) = _taken(wired.home("sqs"), "arrived")
    assert (event["account"], event["region"]) == (MEMBER, "us-east-1")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        _put(wired.member("events"), BUS)  # a bus of another Region
