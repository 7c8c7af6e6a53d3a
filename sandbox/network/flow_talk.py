"""Who talks to whom: the background of each interface, and attackers, as flow log records."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sandbox.ext.ec2_base import groups_by_id, instance_index
from sandbox.network import reach

TCP = "6"
SERVICES = ("52.94.233.129", "54.239.28.85", "52.46.154.102", "3.5.27.114", "99.77.128.6")
SERVICES_V6 = ("2600:1f18:243e:1300::5d1", "2600:9000:2490:3400::a2")
SCANNED = (23, 445, 3389, 5900, 6379)


@dataclass(frozen=True)
class Attack:
    """One source that hammers one instance; `accepted` narrows the ports that are open to it."""

    source: str
    target: str
    ports: tuple[int, ...] = (22, 8080)
    flows: int = 4000
    accepted: tuple[int, ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Attack":
        """From a scenario's JSON."""
        ports, accepted = row.get("ports", cls.ports), row.get("accepted", ())
        return cls(
            row["source"], row["target"], tuple(ports), row.get("flows", cls.flows), tuple(accepted)
        )


@dataclass(frozen=True)
class Flow:
    """One record without its times."""

    eni: str
    source: str
    target: str
    ports: tuple[int, int]
    packets: int
    size: int
    action: str

    def line(self, account: str, start: int, end: int) -> str:
        """The record in the default format, version 2."""
        low, high = self.ports
        head = f"2 {account} {self.eni} {self.source} {self.target} {low} {high} {TCP}"
        return f"{head} {self.packets} {self.size} {start} {end} {self.action} OK"


@dataclass
class Talk:
    """What the interfaces of one Region say under the groups and ACLs of one moment."""

    backend: Any
    rng: random.Random
    _decisions: dict[tuple[Any, ...], bool] = field(default_factory=dict)

    def background(self, eni: Any) -> Iterator[Flow]:
        """A conversation with the usual peers, and sometimes a scan from outside."""
        if reach.admits_nothing(eni):
            return
        if served := self._served(eni):
            peer, port = self.rng.choice(served)
            yield from self._both_ways(eni, peer, port, inbound=True)
        yield from self._outward(eni)
        if self.rng.random() < 0.04:
            scanner = f"192.0.2.{self.rng.randrange(1, 255)}"
            yield self._inbound(eni, scanner, self.rng.choice(SCANNED), ())

    def attack(self, attack: Attack, eni: Any) -> Flow:
        """One try of an attacker: the first port by far the most."""
        first = self.rng.random() < 0.8 or len(attack.ports) == 1
        port = attack.ports[0] if first else self.rng.choice(attack.ports[1:])
        return self._inbound(eni, attack.source, port, attack.accepted)

    def _inbound(self, eni: Any, source: str, port: int, open_ports: tuple[int, ...]) -> Flow:
        open_here = not open_ports or port in open_ports
        accepted = open_here and self._admits(eni, False, port, source)
        packets = self.rng.randrange(6, 40) if accepted else self.rng.randrange(1, 5)
        size = packets * (self.rng.randrange(60, 900) if accepted else 44)
        ports = (self.rng.randrange(32768, 61000), port)
        action = "ACCEPT" if accepted else "REJECT"
        return Flow(eni.id, source, eni.private_ip_address, ports, packets, size, action)

    def _outward(self, eni: Any) -> Iterator[Flow]:
        six = eni.ipv6_addresses and self.rng.random() < 0.3
        peer = self.rng.choice(SERVICES_V6 if six else SERVICES)
        if self._admits(eni, True, 443, peer):
            yield from self._both_ways(eni, peer, 443, inbound=False)

    def _both_ways(self, eni: Any, peer: str, port: int, inbound: bool) -> Iterator[Flow]:
        own = eni.ipv6_addresses[0] if ":" in peer else eni.private_ip_address
        client, packets = self.rng.randrange(32768, 61000), self.rng.randrange(8, 60)
        ask, answer = (peer, own), (own, peer)
        if not inbound:
            ask, answer = answer, ask
        yield Flow(eni.id, *ask, (client, port), packets, packets * 120, "ACCEPT")
        yield Flow(eni.id, *answer, (port, client), packets, packets * 640, "ACCEPT")

    def _admits(self, eni: Any, egress: bool, port: int, peer: str) -> bool:
        key = (eni.id, egress, port, peer)
        if key not in self._decisions:
            self._decisions[key] = reach.admits(eni, egress, TCP, port, peer)
        return self._decisions[key]

    def _served(self, eni: Any) -> list[tuple[str, int]]:
        """Peers that the groups admit on TCP, with the port."""
        rules = [rule for group in eni.group_set for rule in group.ingress_rules]
        found = []
        for rule in rules:
            port = rule.from_port if rule.ip_protocol == "tcp" else 443
            peers = self._peers(eni, rule) if rule.ip_protocol in ("tcp", "-1") else []
            found += [(peer, port) for peer in peers if self._admits(eni, False, port, peer)]
        return found

    def _peers(self, eni: Any, rule: Any) -> list[str]:
        if rule.source_group:
            members = self._members.get(rule.source_group.get("GroupId"), [])
            return [each for each in members if each != eni.private_ip_address][:4]
        if rule.cidr_ipv4 == "0.0.0.0/0":
            return [f"203.0.113.{self.rng.randrange(1, 255)}"]
        return [_host(rule.cidr_ipv4)] if rule.cidr_ipv4 else []

    @cached_property
    def _members(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {key: [] for key in groups_by_id(self.backend)}
        for eni in self.backend.enis.values():
            for group in eni.group_set:
                found.setdefault(group.id, []).append(eni.private_ip_address)
        return found


def _host(cidr: str) -> str:
    """A host in a block: the tenth, or the only one."""
    start, _, bits = cidr.partition("/")
    head, _, last = start.rpartition(".")
    return start if bits == "32" else f"{head}.{int(last) + 10}"


def interfaces(backend: Any, instance_id: str) -> list[Any]:
    """The interfaces of a running instance, the primary first."""
    instance = instance_index(backend).get(instance_id)
    running = instance is not None and instance.state == "running"
    return [instance.nics[index] for index in sorted(instance.nics)] if instance and running else []
