"""What to contain for a finding of GuardDuty: its own resource, or what it names beside that."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from skill.errors import BadRequest
from skill.events import place
from skill.events.reading import Event, Ignored, maybe, node, node_or, objects, text
from skill.model import Facts

MOST_TEXT = 300
SHOWN = 3
_NAME = re.compile(r"[\w+=,.@-]{1,128}")
_INSTANCE = re.compile(r"i-[0-9a-f]{8,17}")
_USERS = {"IAMUser": "user", "AssumedRole": "role", "Role": "role"}
# How a resource that cannot be contained is called, in whatever details the finding has of it.
_CALLED = ("name", "dbInstanceIdentifier", "dbShardGroupIdentifier", "imageArn", "snapshotArn")


@dataclass(frozen=True)
class Aim:
    """The action that contains a resource, and its ARN. `own`: the finding is about it."""

    action: str
    params: Facts
    arn: str
    own: bool = True


def of(event: Event, why: Facts) -> list[Aim]:
    """What to contain. Raises Ignored, to be told, where Toban can contain nothing of it."""
    kind = text(event, "detail", "resource", "resourceType")
    if kind in _OWN:
        return [_OWN[kind](event, why)]
    found = {aim.arn: aim for aim in _beside(event)}
    if not found:
        raise Ignored("unsupported-resource", why | {"resource": called_in(event)})
    return [replace(aim, own=False) for aim in found.values()]


def called_in(event: Event) -> str:
    """The finding's own resource by its kind, and by its name if there is one; of an attack
    sequence, what it went through.
    """
    resource = node(event, "detail", "resource")
    names = [f"{row.get('resourceType')} {row.get('name')}" for row in _went_through(event)]
    for details in resource.values():
        row = details[0] if isinstance(details, list) and details else details
        names += [name for each in _CALLED if isinstance(name := node_or(row, None, each), str)]
    return f"{resource['resourceType']} {', '.join(names[:SHOWN])}".strip()[:MOST_TEXT]


def _instance(event: Event, _: Facts) -> Aim:
    found = text(event, "detail", "resource", "instanceDetails", "instanceId")
    if not _INSTANCE.fullmatch(found):
        raise BadRequest(malformed="instanceId")
    return _isolated(event, found, {})


def _principal(event: Event, why: Facts) -> Aim:
    """The user or the role behind the keys. Its path is not told, so the kind is."""
    found = node(event, "detail", "resource", "accessKeyDetails")
    kind, name = text(found, "userType"), maybe(found, "userName")
    if kind not in _USERS:
        called = f"{kind} {name}".removesuffix(f" {kind}").strip()
        raise Ignored("unsupported-principal", why | {"resource": called[:MOST_TEXT]})
    if not _NAME.fullmatch(name):
        raise BadRequest(malformed="userName")
    return _locked(event, kind, name, "")


def _function(event: Event, _: Facts) -> Aim:
    arn = text(event, "detail", "resource", "lambdaDetails", "functionArn")[:MOST_TEXT]
    return Aim("lock_function", {"function": arn}, arn)


def _beside(event: Event) -> Iterator[Aim]:
    """The host of a container, whose keys were used on a bucket or a cluster, and what an attack
    sequence went through. What is not told, or cannot be contained, is left out.
    """
    resource = node(event, "detail", "resource")
    yield from _host(event, node_or(resource, "", "instanceDetails", "instanceId"), {})
    if not _from_elsewhere(event):
        yield from _keys(event, node_or(resource, {}, "accessKeyDetails"), "")
    for row in _went_through(event):
        if row.get("resourceType") == "EC2_INSTANCE":
            uid = str(row.get("uid")).rpartition("/")[2]
            yield from _host(event, uid if _INSTANCE.fullmatch(uid) else row.get("name"), row)
        account = node_or(row, "", "accountId")
        yield from _keys(event, node_or(row, {}, "data", "accessKey"), account)
    for user in _actors(event):
        keys = {"userType": user.get("type"), "userName": user.get("name")}
        yield from _keys(event, keys, node_or(user, "", "account", "uid"))


def _from_elsewhere(event: Event) -> bool:
    """Whether another account made the call: its keys are not ours, whatever their owner's name."""
    call = ("detail", "service", "action", "awsApiCallAction")
    other = node_or(event, None, *call, "remoteAccountDetails", "accountId")
    return other not in (None, maybe(event["detail"], "accountId") or maybe(event, "account"))


def _went_through(event: Event) -> list[Event]:
    return objects(event, "detail", "service", "detection", "sequence", "resources")


def _actors(event: Event) -> list[Event]:
    rows = objects(event, "detail", "service", "detection", "sequence", "actors")
    return [row["user"] for row in rows if isinstance(row.get("user"), dict)]


def _host(event: Event, found: Any, row: Event) -> Iterator[Aim]:
    if isinstance(found, str) and _INSTANCE.fullmatch(found):
        yield _isolated(event, found, row)


def _keys(event: Event, found: Any, account: Any) -> Iterator[Aim]:
    kind, name = node_or(found, "", "userType"), node_or(found, "", "userName")
    if kind in _USERS and isinstance(name, str) and _NAME.fullmatch(name):
        yield _locked(event, str(kind), name, account)


def _isolated(event: Event, instance: str, row: Event) -> Aim:
    """`row` may tell another account and Region than the finding's."""
    account, region = node_or(row, "", "accountId"), node_or(row, "", "region")
    arn = f"{_arn(event, 'ec2', account, region)}:instance/{instance}"
    return Aim("isolate", {"instance": arn}, arn)


def _locked(event: Event, user_type: str, name: str, account: Any) -> Aim:
    kind = _USERS[user_type]
    arn = f"{_arn(event, 'iam', account, '')}:{kind}/{name}"
    return Aim("lock_principal", {"principal": arn, "kind": kind}, arn)


def _arn(event: Event, service: str, account: Any, region: Any) -> str:
    """The first five parts of an ARN. Raises BadRequest for an account or Region that is none."""
    detail = event["detail"]
    account = str(account or maybe(detail, "accountId") or text(event, "account"))
    region = str(region or maybe(detail, "region") or text(event, "region"))
    place.check(account, region, "accountId")
    partition = maybe(detail, "partition") or "aws"
    return f"arn:{partition}:{service}:{'' if service == 'iam' else region}:{account}"


_OWN: dict[str, Callable[[Event, Facts], Aim]] = {
    "Instance": _instance,
    "AccessKey": _principal,
    "Lambda": _function,
}
