"""SSM: SendCommand and CancelCommand, checked as the real API does."""

from typing import Any

from moto.moto_api._internal import mock_random

from sandbox.clock import CLOCK
from sandbox.systems import documents, fleet, runcommand
from sandbox.systems.commandviews import describe
from sandbox.systems.operations import serve
from sandbox.systems.runcommand import Command, Invocation
from sandbox.systems.wire import Refusal, ValidationError

Params = dict[str, Any]
_SENT = (
    "Comment",
    "Parameters",
    "InstanceIds",
    "Targets",
    "OutputS3Region",
    "OutputS3BucketName",
    "OutputS3KeyPrefix",
    "NotificationConfig",
    "CloudWatchOutputConfig",
)


def install() -> None:
    """Let moto answer these operations."""
    serve("ssm", {"SendCommand": send_command, "CancelCommand": cancel_command})


def send_command(backend: Any, params: Params) -> Params:
    """Send a command to the instances named, or to the managed ones that the targets fit."""
    document = documents.find(backend, params["DocumentName"])
    documents.check(document, params.get("Parameters", {}))
    instance_ids = _receivers(backend, params)
    command = Command(
        id=str(mock_random.uuid4()),
        document=document,
        params={name: params[name] for name in _SENT if name in params}
        | {
            "MaxConcurrency": params.get("MaxConcurrency", "50"),
            "MaxErrors": params.get("MaxErrors", "0"),
            "ServiceRole": params.get("ServiceRoleArn", ""),
        },
        requested=CLOCK.now().timestamp(),
        timeout=params.get("TimeoutSeconds", 3600),
        concurrency=_share(params.get("MaxConcurrency", "50"), len(instance_ids), at_least=1),
        max_errors=_share(params.get("MaxErrors", "0"), len(instance_ids), at_least=0),
        invocations={each: Invocation(each) for each in instance_ids},
    )
    runcommand.start(backend, command)
    # The answer shows the command as just made; counts come with ListCommands.
    fresh = {"Status": "Pending", "StatusDetails": "Pending", "TargetCount": 0}
    return {"Command": describe(command) | fresh}


def _share(text: str, total: int, at_least: int) -> int:
    """A number, or a percentage of the targets."""
    if text.endswith("%"):
        return max(total * int(text[:-1]) // 100, at_least)
    return int(text)


def _receivers(backend: Any, params: Params) -> list[str]:
    ids, targets = params.get("InstanceIds", []), params.get("Targets", [])
    if bool(ids) == bool(targets):
        raise ValidationError("Specify either InstanceIds or Targets, and not both")
    if targets:
        return [each for each in _managed(backend) if _is_target(backend, each, targets)]
    if len(ids) != len(set(ids)):
        raise Refusal("DuplicateInstanceId", "You can't specify an instance ID twice")
    unknown = sorted(set(ids) - set(_managed(backend)))
    if unknown:
        message = (
            f"Instances [[{', '.join(unknown)}]] not in a valid state for account"
            f" {backend.account_id}"
        )
        raise Refusal("InvalidInstanceId", message)
    return list(ids)


def _managed(backend: Any) -> list[str]:
    """The instances that Systems Manager knows; a stopped one is known and times out."""
    where = (backend.account_id, backend.region_name)
    return [
        each.id for each in fleet.instances(*where).values() if fleet.node(*where, each).managed
    ]


def _is_target(backend: Any, instance_id: str, targets: list[Params]) -> bool:
    tags = fleet.tags(backend.account_id, backend.region_name, instance_id)
    return all(_fits(instance_id, tags, target) for target in targets)


def _fits(instance_id: str, tags: dict[str, str], target: Params) -> bool:
    key, values = target["Key"], target.get("Values", [])
    if key.lower() == "instanceids":
        return instance_id in values or "*" in values
    if key == "tag-key":
        return any(value in tags for value in values)
    if not key.startswith("tag:"):
        raise ValidationError(f"Target key '{key}' is none of InstanceIds, tag-key, tag:<key>")
    return key[4:] in tags and (not values or tags[key[4:]] in values)


def cancel_command(backend: Any, params: Params) -> Params:
    """Cancel a command on all or on some of its instances; what has ended stays as it is."""
    command = runcommand.commands(backend).get(params["CommandId"])
    if command is None:
        raise Refusal("InvalidCommandId", "")
    ids = params.get("InstanceIds", [])
    if set(ids) - set(command.invocations):
        raise Refusal("InvalidInstanceId", "The command was not sent to that instance")
    runcommand.cancel(backend, command, ids, CLOCK.now().timestamp())
    return {}
