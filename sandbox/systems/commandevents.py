"""The events that Run Command sends when a command or an invocation changes its status."""

from datetime import UTC, datetime
from typing import Any

from sandbox.delivery.hook import emit


def iso(at: float) -> str:
    """A time as Run Command writes it in events and invocations."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def announce_invocation(backend: Any, command: Any, invocation: Any) -> None:
    """Tell that a command changed its status on one instance."""
    detail = _common(command) | {
        "instance-id": invocation.instance_id,
        "status": invocation.status,
    }
    where = f"{backend.region_name}:{backend.account_id}"
    _emit(
        backend,
        "EC2 Command Invocation Status-change Notification",
        detail,
        [f"arn:aws:ec2:{where}:instance/{invocation.instance_id}"],
    )


def announce_command(backend: Any, command: Any) -> None:
    """Tell that a command as a whole changed its status."""
    detail = _common(command) | {
        "expire-after": iso(command.expires),
        "parameters": command.params.get("Parameters", {}),
        "status": command.status,
    }
    _emit(backend, "EC2 Command Status-change Notification", detail, [])


def _common(command: Any) -> dict[str, Any]:
    return {
        "command-id": command.id,
        "document-name": command.document.name,
        "requested-date-time": iso(command.requested),
    }


def _emit(backend: Any, detail_type: str, detail: dict[str, Any], resources: list[str]) -> None:
    emit("aws.ssm", detail_type, detail, resources, backend.account_id, backend.region_name)
