"""VPC flow logs of the box: three days at the start, and live flows as modelled time goes on.

Records carry the real clock, which is the one that functions see: what durable waits skip is told
in more records, squeezed into the real moment, never in records from the future. Whoever changes
the network lets flows catch up first, so that earlier flows follow the earlier rules.
"""

import ipaddress
import random
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moto.ec2.models import ec2_backends
from moto.logs.models import logs_backends

from sandbox.clock import CLOCK
from sandbox.ext.ec2_base import instance_index, tags_of
from sandbox.network.flow_talk import Attack, Flow, Talk, interfaces
from sandbox.runtime.calls import ACCOUNT, REGION

GROUP = "/toban/flow-logs"
DAYS = 3
TALKERS = 12
HISTORY_STEP = 1200
WINDOW = 59
TICK = 5
ROUND = 12
"""Live, an attacker is seen every tick and an ordinary interface every twelfth."""
MAX_TICKS = 720
_LAG = 1.0
_ENI = re.compile(r"eni-[0-9a-zA-Z]+\Z")
Record = tuple[float, Flow]


@dataclass
class Traffic:
    """What talks in one Region, and until when that has been told."""

    group: str
    seed: int
    attacks: tuple[tuple[Attack, str], ...]
    talkers: tuple[str, ...]
    modelled: datetime
    real: float
    ticks: int = 0


def seed(
    document: Mapping[str, Any], account: str = ACCOUNT, region: str = REGION, seed: int = 42
) -> int:
    """Write the history that the scenario's `traffic` describes; gives the number of lines."""
    settings = document.get("traffic", {})
    backend = ec2_backends[account][region]
    names = {tags_of(backend, key).get("Name", key): key for key in instance_index(backend)}
    attacks = [Attack.of(row) for row in settings.get("attackers", [])]
    known = tuple((each, names[each.target]) for each in attacks if each.target in names)
    talkers = tuple(list(instance_index(backend))[: settings.get("talkers", TALKERS)])
    group, now = settings.get("group", GROUP), time.time()
    traffic = Traffic(group, seed, known, talkers, CLOCK.now(), now)
    logs_backends[account][region].__dict__["ext_flows"] = traffic
    talk = Talk(backend, random.Random(seed))  # noqa: S311 (reproducible, not secret)
    start = now - settings.get("days", DAYS) * 86400
    return _write(account, region, group, _history(talk, traffic, start, now - _LAG))


def _history(talk: Talk, traffic: Traffic, start: float, end: float) -> Iterator[Record]:
    moment = start
    while moment < end:
        for key in traffic.talkers:
            for eni in interfaces(talk.backend, key):
                at = min(moment + talk.rng.random() * HISTORY_STEP, end)
                yield from ((at, flow) for flow in talk.background(eni))
        moment += HISTORY_STEP
    for attack, key in traffic.attacks:
        for index in range(attack.flows):
            at = start + (end - start) * (index + talk.rng.random()) / attack.flows
            if eni := _aim(talk, key):
                yield at, talk.attack(attack, eni)


def _aim(talk: Talk, instance_id: str) -> Any:
    """The interface that an attacker tries: nearly always the primary one."""
    found = interfaces(talk.backend, instance_id)
    if len(found) > 1 and talk.rng.random() < 0.1:
        return talk.rng.choice(found[1:])
    return found[0] if found else None


def catch_up(account: str = ACCOUNT, region: str = REGION) -> int:
    """Tell the flows since the last time; gives the number of lines."""
    logs = logs_backends[account][region]
    traffic: Traffic | None = logs.__dict__.get("ext_flows")
    ticks = int((CLOCK.now() - traffic.modelled).total_seconds() // TICK) if traffic else 0
    if traffic is None or ticks < 1:
        return 0
    now = time.time()
    records = list(_live(account, region, traffic, ticks, now))
    traffic.modelled += timedelta(seconds=ticks * TICK)
    traffic.ticks, traffic.real = traffic.ticks + ticks, now
    return _write(account, region, traffic.group, records)


def _live(account: str, region: str, traffic: Traffic, ticks: int, now: float) -> Iterator[Record]:
    rng = random.Random(f"{traffic.seed}:{traffic.ticks}")  # noqa: S311 (reproducible, not secret)
    talk = Talk(ec2_backends[account][region], rng)
    stride = -(-ticks // MAX_TICKS)
    for step, tick in enumerate(range(traffic.ticks, traffic.ticks + ticks, stride)):
        at = traffic.real + (now - traffic.real) * step * stride / ticks - _LAG
        yield from ((at, flow) for flow in _tick(talk, traffic, tick // stride))


def _tick(talk: Talk, traffic: Traffic, number: int) -> Iterator[Flow]:
    for attack, key in traffic.attacks:
        if eni := _aim(talk, key):
            yield talk.attack(attack, eni)
    for index, key in enumerate(traffic.talkers):
        if (number + index) % ROUND == 0:
            for eni in interfaces(talk.backend, key):
                yield from talk.background(eni)


def _write(account: str, region: str, group: str, records: Iterable[Record]) -> int:
    ordered = sorted(records, key=lambda record: record[0])
    last = int(time.time())
    lines = (
        (flow.eni, flow.line(account, int(at), max(int(at), min(int(at) + WINDOW, last))), int(at))
        for at, flow in ordered
    )
    return _store(account, region, group, lines)


def _store(account: str, region: str, group: str, lines: Iterable[tuple[str, str, int]]) -> int:
    """Put lines into the streams of their interfaces."""
    logs = logs_backends[account][region]
    logs.ensure_log_group(group)
    streams: dict[str, list[dict[str, Any]]] = {}
    for eni, line, start in lines:
        streams.setdefault(f"{eni}-all", []).append({"timestamp": start * 1000, "message": line})
    for name, events in streams.items():
        logs.ensure_log_stream(group, name)
        logs.groups[group].streams[name].put_log_events(events)
    return sum(map(len, streams.values()))


def put(lines: Iterable[str], account: str = ACCOUNT, region: str = REGION) -> int:
    """Add version 2 lines as they are; if one is bad, adds none and raises ValueError naming it."""
    checked = []
    for number, line in enumerate(lines, 1):
        try:
            fields = check(line)
        except ValueError as error:
            raise ValueError(f"flow log line {number}: {error}") from error
        checked.append((fields[2], " ".join(fields), int(fields[10])))
    traffic: Traffic | None = logs_backends[account][region].__dict__.get("ext_flows")
    return _store(account, region, traffic.group if traffic else GROUP, checked)


def check(line: str) -> list[str]:
    """The fields of a version 2 line; raises ValueError with the reason."""
    fields = line.split() if isinstance(line, str) else []
    if len(fields) != 14 or fields[0] != "2":
        raise ValueError("wants the 14 fields of the default format, version 2")
    if not fields[1].isdigit() or len(fields[1]) != 12 or not _ENI.match(fields[2]):
        raise ValueError("wants an account of 12 digits and an interface id")
    if fields[13] not in ("OK", "NODATA", "SKIPDATA"):
        raise ValueError(f"unknown log status {fields[13]!r}")
    _check_times(fields[10], fields[11])
    if fields[13] == "OK":
        _check_flow(fields)
    return fields


def _check_times(start: str, end: str) -> None:
    if not (start.isdigit() and end.isdigit() and int(start) <= int(end)):
        raise ValueError("wants start and end in epoch seconds, in this order")


def _check_flow(fields: list[str]) -> None:
    for address in fields[3:5]:
        ipaddress.ip_address(address)
    if not all(number.isdigit() for number in fields[5:10]):
        raise ValueError("wants numbers for ports, protocol, packets and bytes")
    if max(map(int, fields[5:7])) > 65535 or int(fields[7]) > 255:
        raise ValueError("port or protocol out of range")
    if fields[12] not in ("ACCEPT", "REJECT"):
        raise ValueError(f"unknown action {fields[12]!r}")
