"""Run Command in modelled time: commands, their invocations, and how they come to an end.

Unverified on a live account: that the rest is Cancelled with details `Terminated` once MaxErrors is
passed, and that a command with some failures below MaxErrors is Failed with details `Incomplete`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.systems import documents, fleet
from sandbox.systems.commandevents import announce_command, announce_invocation

_DELIVERY = 1.0
_FINAL = {"Success", "Failed", "Cancelled", "TimedOut"}


@dataclass
class Invocation:
    """A command on one instance. `ready` is when a place among MaxConcurrency fell free."""

    instance_id: str
    status: str = "Pending"
    details: str = "Pending"
    ready: float | None = None
    started: float | None = None
    ends: float | None = None
    cut_off: bool = False
    code: int = -1
    output: str = ""
    error: str = ""

    @property
    def final(self) -> bool:
        """Whether nothing more happens to it."""
        return self.status in _FINAL


@dataclass
class Command:
    """A command as sent, with one invocation per instance."""

    id: str
    document: documents.Document
    params: dict[str, Any]
    requested: float
    timeout: int
    concurrency: int
    max_errors: int
    invocations: dict[str, Invocation]
    status: str = "Pending"
    details: str = "Pending"
    cancelled: bool = False
    free_at: float = 0.0
    errors: int = 0
    waiting: list[Invocation] = field(default_factory=list)
    active: list[Invocation] = field(default_factory=list)

    @property
    def final(self) -> bool:
        """Whether every invocation has ended."""
        return self.status in _FINAL

    @property
    def expires(self) -> float:
        """When what was not delivered by then times out."""
        return self.requested + self.timeout

    def count(self, *details: str) -> int:
        """How many invocations ended with one of these details."""
        return sum(each.details in details for each in self.invocations.values() if each.final)


def commands(backend: Any) -> dict[str, Command]:
    """All commands of an account and Region, oldest first."""
    return backend.__dict__.setdefault("toban_commands", {})


def running(backend: Any) -> list[Command]:
    """The commands that have not ended."""
    live = backend.__dict__.setdefault("toban_live_commands", {})
    return list(live.values())


def moments(backend: Any) -> Iterator[float]:
    """When something is next due on each instance that a live command has reached."""
    for command in running(backend):
        yield from (moment for each in command.active for moment in _due(command, each))


def start(backend: Any, command: Command) -> None:
    """Send a command: it moves whenever the clock is looked at."""
    command.waiting, command.free_at = list(command.invocations.values()), command.requested
    commands(backend)[command.id] = command
    backend.__dict__.setdefault("toban_live_commands", {})[command.id] = command
    advance(backend, command.requested)


def cancel(backend: Any, command: Command, instance_ids: list[str], now: float) -> None:
    """Cancel what has not ended, on these instances or on all."""
    for each in command.invocations.values():
        if not each.final and (not instance_ids or each.instance_id in instance_ids):
            command.waiting = [other for other in command.waiting if other is not each]
            _end(backend, command, each, "Cancelled", "Cancelled", now)
    command.cancelled = not instance_ids or command.cancelled
    advance(backend, now)


def advance(backend: Any, now: float) -> None:
    """Move every live command on to `now`, in the order in which things happen."""
    live = running(backend)
    nodes = fleet.instances(backend.account_id, backend.region_name) if live else {}
    for command in live:
        _reconnect(backend, command, nodes, now)
        while (moment := _next_moment(command, now)) is not None:
            _step(backend, command, nodes, moment)
        _settle(backend, command)
        if command.final:
            del backend.__dict__["toban_live_commands"][command.id]


def _next_moment(command: Command, now: float) -> float | None:
    """The earliest time up to now at which something is still to happen."""
    _fill_places(command)
    moments = (moment for each in command.active for moment in _due(command, each))
    return min((moment for moment in moments if moment <= now), default=None)


def _fill_places(command: Command) -> None:
    """Give free places among MaxConcurrency to instances that wait."""
    command.active = [each for each in command.active if not each.final]
    free = max(command.concurrency - len(command.active), 0)
    for each in command.waiting[:free]:
        each.ready = command.free_at
    command.active += command.waiting[:free]
    del command.waiting[:free]


def _due(command: Command, each: Invocation) -> Iterator[float]:
    """When something is next due on an instance that has a place."""
    if each.started is not None:
        end = each.started + command.document.timeout if each.cut_off else each.ends
    else:
        end = command.expires if each.cut_off else (each.ready or 0.0) + _DELIVERY
    if end is not None:
        yield end


def _step(backend: Any, command: Command, nodes: dict[str, Any], moment: float) -> None:
    """Do what is due at `moment`; who is out of reach has until the time limit to come back."""
    for each in [each for each in command.active if moment in _due(command, each)]:
        if each.cut_off:
            late = "DeliveryTimedOut" if each.started is None else "ExecutionTimedOut"
            _end(backend, command, each, "TimedOut", late, moment)
        elif not _reachable(backend, nodes, each):
            each.cut_off = True
            if each.started is None:
                each.status = each.details = "Delayed"
        elif each.started is None:
            _begin(backend, command, each, moment)
        else:
            _finish(backend, command, each, moment)


def _reconnect(backend: Any, command: Command, nodes: dict[str, Any], now: float) -> None:
    """Go on with the instances that came back into reach in time."""
    for each in command.active:
        in_time = each.cut_off and now < next(_due(command, each))
        if in_time and _reachable(backend, nodes, each):
            each.cut_off = False
            if each.started is None:
                each.ready = now
            else:
                each.ends = max(each.ends or now, now)


def _reachable(backend: Any, nodes: dict[str, Any], each: Invocation) -> bool:
    instance = nodes.get(each.instance_id)
    where = (backend.account_id, backend.region_name)
    return instance is not None and fleet.is_online(*where, instance)


def _begin(backend: Any, command: Command, each: Invocation, moment: float) -> None:
    where = (backend.account_id, backend.region_name)
    each.started = moment
    each.ends = moment + command.document.seconds(*where, each.instance_id, command.params)
    each.status = each.details = "InProgress"
    announce_invocation(backend, command, each)


def _finish(backend: Any, command: Command, each: Invocation, moment: float) -> None:
    where = (backend.account_id, backend.region_name)
    times = (each.started or moment, moment)
    outcome = command.document.run(*where, each.instance_id, command.params, times)
    each.code, each.output, each.error = outcome.code, outcome.output, outcome.error
    status = "Failed" if outcome.code else "Success"
    _end(backend, command, each, status, status, moment)


def _end(
    backend: Any, command: Command, each: Invocation, status: str, details: str, moment: float
) -> None:
    each.status, each.details, each.ends = status, details, moment
    command.free_at = max(command.free_at, moment)
    # Delivery timeouts do not count against MaxErrors.
    command.errors += status == "Failed" or details == "ExecutionTimedOut"
    announce_invocation(backend, command, each)
    if status != "Cancelled" and command.errors > command.max_errors:
        waiting, command.waiting = command.waiting, []
        for rest in waiting:
            _end(backend, command, rest, "Cancelled", "Terminated", moment)


def _settle(backend: Any, command: Command) -> None:
    """The command's own status, from those of its invocations."""
    before = command.status
    command.status, command.details = _overall(command)
    if command.status != before:
        announce_command(backend, command)


def _overall(command: Command) -> tuple[str, str]:
    all_of = command.invocations.values()
    if not all(each.final for each in all_of):
        begun = any(each.started is not None or each.final for each in all_of)
        return ("InProgress", "InProgress") if begun else ("Pending", "Pending")
    if not all_of:
        return "Success", "NoInstancesInTag"
    if command.cancelled:
        return "Cancelled", "Cancelled"
    if command.errors > command.max_errors:
        return "Failed", "Failed"
    if command.count("DeliveryTimedOut") > command.max_errors:
        return "TimedOut", "DeliveryTimedOut"
    if all(each.status == "Success" for each in all_of):
        return "Success", "Success"
    return "Failed", "Incomplete"
