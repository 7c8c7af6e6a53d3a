"""The facts that pass between doors, engine, actions and words. Plain, frozen, and JSON both
ways.
"""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

Facts = dict[str, Any]


class Risk(StrEnum):
    """How much an action can hurt, and so what approval it needs (DESIGN.md §3)."""

    READ = "read"
    CHANGE = "change"
    DESTRUCTIVE = "destructive"


class Role(StrEnum):
    """What an actor may ask for. A responder may do everything that a viewer may."""

    NONE = "none"
    VIEWER = "viewer"
    RESPONDER = "responder"


@dataclass(frozen=True)
class Actor:
    """Who asked, through which door. `id` is for the audit trail and is never spoken."""

    door: str
    id: str
    role: Role

    @classmethod
    def of(cls, doc: Facts) -> Self:
        return cls(doc["door"], doc["id"], Role(doc["role"]))


@dataclass(frozen=True)
class Target:
    """One entity that an action would touch: `type` is the entity type, `id` its AWS id."""

    id: str
    name: str
    type: str = "instance"
    protected: bool = False


@dataclass(frozen=True)
class Change:
    """One change that `apply` would make to one target, in the words of the API."""

    target: str
    what: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class LeftOut:
    """A target that was asked for and will not be touched, and the key of the reason."""

    name: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """What an action found and would do. For a READ action its facts are the answer.

    `destructive` makes this one plan need proof, whatever its action's risk (undoing a release
    isolates). `prior` is what undo will need; `facts` are numbers and names for sentences;
    `warnings` are keys of sentences that a listener must hear before a yes.
    """

    action: str
    targets: tuple[Target, ...] = ()
    changes: tuple[Change, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    facts: Facts = field(default_factory=dict)
    prior: Facts = field(default_factory=dict)
    destructive: bool = False

    @property
    def target_ids(self) -> frozenset[str]:
        return frozenset(target.id for target in self.targets)

    @property
    def agreed(self) -> frozenset[str]:
        """What a yes to this plan covers: its targets, and the proposal that it answers."""
        answered = self.prior.get("proposal")
        return self.target_ids | {answered} if answered else self.target_ids

    @classmethod
    def of(cls, doc: Facts) -> Self:
        return cls(
            action=doc["action"],
            targets=tuple(Target(**row) for row in doc["targets"]),
            changes=tuple(Change(**row) for row in doc["changes"]),
            left_out=tuple(LeftOut(**row) for row in doc["left_out"]),
            warnings=tuple(doc["warnings"]),
            facts=doc["facts"],
            prior=doc["prior"],
            destructive=doc["destructive"],
        )


class Ending(StrEnum):
    """How a run ended. `partial` always names what was not done; a run that waited for a person
    and was not approved changed nothing.
    """

    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Result:
    """What `apply` or `undo` did, as read back. `undo` holds what a later undo needs."""

    ending: Ending
    facts: Facts = field(default_factory=dict)
    undo: Facts = field(default_factory=dict)


class Kind(StrEnum):
    """What became of a request, for the door to put into words."""

    ANSWER = "answer"
    CONFIRM = "confirm"
    PROVE = "prove"
    STARTED = "started"
    PROPOSED = "proposed"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Outcome:
    """The engine's reply to a door. `again`: this run was asked for before, by another event if an
    event asks.
    """

    kind: Kind
    action: str
    facts: Facts = field(default_factory=dict)
    plan: Plan | None = None
    token: str = ""
    run: str = ""
    proof: bool = False
    again: bool = False


@dataclass(frozen=True)
class Request:
    """What a door asks of the engine. `key` makes the same request the same run; `reason` is for
    the record, and `event` what is known of the event that asks, if one does.
    """

    action: str
    params: Facts
    actor: Actor
    key: str
    reason: str = ""
    event: Facts = field(default_factory=dict)


def document(value: Any) -> Facts:
    """A dataclass as plain JSON data."""
    return asdict(value)
