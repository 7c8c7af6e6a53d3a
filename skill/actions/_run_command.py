"""Run Command over a fleet: at most 50 instances to a command, followed to the last one."""

from collections.abc import Callable, Sequence
from typing import Any

from skill.actions._flow import Flow
from skill.aws import Aws
from skill.aws.ssm import OPEN, pages_of
from skill.model import Facts

# An event says when a command has ended; looking is for the event that does not come.
POLL, DEADLINE = 300, 2 * 3600


def send(
    flow: Flow, aws: Aws, label: str, document: str, ids: Sequence[str], **parameters: list[str]
) -> list[str]:
    """The commands, one per 50 instances. A repeated step finds what it sent before."""
    commands = []
    for at, page in enumerate(pages_of(ids)):
        token = f"{flow.run} {label} {at}"
        commands.append(flow.step(f"{label} {at}", _once(aws, token, document, page, parameters)))
    return commands


def _once(
    aws: Aws, token: str, document: str, ids: Sequence[str], parameters: dict[str, list[str]]
) -> Callable[[], str]:
    def work() -> str:
        sent = aws.ssm.sent(token)
        return sent[0] if sent else aws.ssm.send(document, ids, token, **parameters)

    return work


def follow(flow: Flow, aws: Aws, label: str, commands: Sequence[str]) -> dict[str, Facts]:
    """Each instance's last word on the commands, waiting for all of them or for the deadline."""
    flow.until(
        f"{label} to end",
        lambda: sum(one["Status"] in OPEN for one in _all(aws, commands)),
        lambda open_ones: open_ones == 0,
        POLL,
        DEADLINE,
        [f"command#{aws.prefix}{command}" for command in commands],
    )
    found: dict[str, Facts] = flow.step(f"{label} outcome", lambda: _brief(_all(aws, commands)))
    return found


def _all(aws: Aws, commands: Sequence[str]) -> list[dict[str, Any]]:
    return [row for command in commands for row in aws.ssm.invocations(command)]


def _brief(rows: Sequence[dict[str, Any]]) -> dict[str, Facts]:
    from skill.aws.ssm import failure

    return {
        row["InstanceId"]: {
            "status": row["Status"],
            "why": "" if row["Status"] == "Success" else failure(row),
        }
        for row in rows
    }
