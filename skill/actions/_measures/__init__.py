"""The measures that contain an entity, in the order that they are taken: one module, one row.

Adding a measure is adding a module and naming it in `MEASURES`. A module gives NAME (a key of the
sentences), ESSENTIAL, PERMISSIONS, the functions of `Measure`, and OUTLIVES = True if what it does
hangs on something that outlives the entity, FIXED = True if a second containment adds nothing to
the state of before. What needs time to act comes first, the network as soon as nothing must precede
it, evidence that needs no network last (containment.md §3). Release goes through them backwards.
"""

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Protocol, cast

from skill.actions._flow import ATTEMPTS
from skill.aws import Aws
from skill.aws.ec2 import Instance, Interface
from skill.entity import FUNCTION, INSTANCE, ROLE, USER, Entity
from skill.errors import Gone, TobanError, Transient
from skill.model import Facts

MEASURES: Mapping[str, tuple[str, ...]] = {
    INSTANCE: (
        "role",
        "sessions",
        "protection",
        "autoscaling",
        "balancers",
        "addresses",
        "tracking",
        "network",
        "metadata",
        "snapshots",
        "console",
    ),
    USER: ("deny", "keys", "password", "sessions"),
    ROLE: ("deny", "sessions"),
    FUNCTION: ("concurrency", "execution", "mappings"),
}


KEPT = "containment"
Work = tuple[str, Callable[[], Any]]


@dataclass
class Look:
    """An entity to be read, in one round of calls if it can be.

    `record` is its open record, if it is contained; `wanted` are the measures that are taken only
    when they are asked for. What a plan has read already saves a round: the instance `known`, the
    target groups in `fronts`, the `role` of a function.
    """

    aws: Aws
    entity: Entity
    record: Facts | None = field(default=None, repr=False)
    wanted: tuple[str, ...] = ()
    known: Instance | None = field(default=None, repr=False)
    fronts: list[Facts] | None = field(default=None, repr=False)
    role: str = ""

    @property
    def case(self) -> str:
        """The run that contains it; empty before there is one."""
        return str(self.record["run"]) if self.record else ""

    def before(self, measure: str) -> Facts:
        """What the record holds of a measure; {} without one."""
        kept: Facts = self.record["before"].get(measure, {}) if self.record else {}
        return kept

    @cached_property
    def instance(self) -> Instance:
        """The instance as described now, or as the plan has just read it. Raises Gone."""
        found = [self.known] if self.known else self.aws.ec2.by_id(self.entity.id)
        if not found:
            raise Gone(operation="DescribeInstances", code="InvalidInstanceID.NotFound")
        return found[0]

    @cached_property
    def interfaces(self) -> tuple[Interface, ...]:
        """Those that are attached now; a plan takes them from the description that it has."""
        return self.known.interfaces if self.known else self._attached()

    def _attached(self) -> tuple[Interface, ...]:
        return tuple(self.aws.ec2.interfaces(self.entity.id))


@dataclass
class Case:
    """An entity that is being contained or released; `vanished` if it no longer exists.

    `record` is what the ledger keeps of it: `record["before"]` holds each measure's state of
    before, `record["made"]` what we made for it.
    """

    aws: Aws
    flow: Any  # a Flow; None for who only reads
    entity: Entity
    record: Facts
    attempts: int = ATTEMPTS
    vanished: bool = False
    notes: Facts = field(default_factory=dict)
    # Why a measure that went on all the same could not do everything: an error by measure.
    refusals: Facts = field(default_factory=dict)

    def lost(self, measure: str, what: list[str]) -> None:
        """Things of before that cannot be given back: they are gone, or somebody else has them."""
        if what:
            self.notes.setdefault("lost", {})[measure] = what

    def step(self, name: str, work: Callable[[], Any]) -> Any:
        """A durable step; in a hurry it is tried less often, and the measure again later."""
        return self.flow.step(name, work, self.attempts)

    def every(self, name: str, works: Iterable[Work]) -> list[str]:
        """One step in which all have their turn at once; the names of those that gave False.

        Raises the first refusal when all are through.
        """
        found = at_once(self, name, works, self.attempts)
        if refused := [TobanError.of(row["error"]) for row in found.values() if "error" in row]:
            raise refused[0]
        return [key for key, row in found.items() if row["value"] is False]

    def keep(self) -> None:
        """Write the record as it stands: the release is made of it."""
        self.record["kept"] = datetime.now(UTC).isoformat(timespec="seconds")
        key, doc = f"entity#{self.entity.key}", self.record
        self.aws.ledger.put(key, "contained", doc, kind=KEPT, at=doc["at"])

    def look(self) -> Look:
        """A fresh look at the entity, for a step."""
        return Look(self.aws, self.entity, self.record, tuple(self.record["wanted"]))


def at_once(case: Case, name: str, works: Iterable[Work], attempts: int) -> dict[str, Facts]:
    """One step for several changes that do not depend on each other: each one's {"value"} or
    {"error"}, by its name. While one of them is worth another try, all are tried again.
    """
    rows = dict(works)
    if not rows:
        return {}
    found: dict[str, Facts] = case.flow.step(
        name,
        lambda: dict(zip(rows, case.aws.gather(*map(_outcome, rows.values())), strict=True)),
        attempts,
    )
    return found


def _outcome(work: Callable[[], Any]) -> Callable[[], Facts]:
    def tried() -> Facts:
        try:
            return {"value": work()}
        except Transient:
            raise
        except TobanError as error:
            return {"error": error.document()}

    return tried


class Measure(Protocol):
    """What a module of this package gives.

    `read` gives the present state as JSON, {} where the measure does not apply.
    """

    NAME: str
    ESSENTIAL: bool
    PERMISSIONS: Mapping[str, tuple[str, ...]]

    def read(self, look: Look) -> Facts:
        """The present state. Only reads; raises TobanError."""

    def contain(self, case: Case, before: Facts, now: Facts) -> None:
        """Take the measure, in steps; repeating it changes nothing more. Raises TobanError.

        `now` differs from `before` when a containment is taken up again.
        """

    def holds(self, case: Case, before: Facts, now: Facts) -> bool:
        """Whether the state that was read `now` is contained."""

    def release(self, case: Case, before: Facts, now: Facts) -> None:
        """Put back what was `before`, in steps. Only what we did is taken back.

        What must be told beside that goes into `case.notes`. Of an entity that no longer exists,
        `now` is {}, and what hangs on others is taken back all the same.
        """

    def restored(self, before: Facts, now: Facts) -> bool:
        """Whether what we did is taken back, as far as what we did it to still exists."""


def of(name: str) -> Measure:
    return cast("Measure", importlib.import_module(f"{__name__}.{name}"))


def measures(kind: str) -> list[Measure]:
    """The measures for one kind of entity, in order."""
    return [of(name) for name in MEASURES[kind]]


def permissions(part: str, *kinds: str) -> tuple[str, ...]:
    """What the measures for some kinds need, for one of `read`, `contain`, `release`."""
    names = {name for kind in kinds for name in MEASURES[kind]}
    return tuple(sorted({one for name in names for one in of(name).PERMISSIONS[part]}))
