"""From what was said, tagged or sent to the containment record that it means."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from skill import names
from skill.actions import _containment, _history, _targets
from skill.actions._measures import Case, Look
from skill.aws import Aws
from skill.aws.ec2 import Instance
from skill.entity import FUNCTION, INSTANCE, ROLE, USER, Entity, parse
from skill.errors import Ambiguous, NoMatch, TobanError, caught
from skill.model import Facts

CONTAIN = ("isolate", "lock_principal", "lock_function")
CONTAINED = ("isolated", "untracking")
KINDS = {"instance": (INSTANCE,), "principal": (USER, ROLE), "function": (FUNCTION,)}
ANY = ("instance", "principal", "function")


@dataclass(frozen=True)
class Named:
    """What was meant. `record` is None for what is not contained; `live` is an instance as it is
    now, `fronts` are the target groups that were read beside.
    """

    entity: Entity
    name: str
    record: Facts | None
    live: Instance | None = None
    fronts: list[Facts] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Live(Named):
    """An instance that is there."""

    live: Instance


def asked(aws: Aws, instance: str, principal: str, function: str) -> tuple[Named, list[Facts]]:
    """As `find`, and the heads of the last hour's runs, in the same round. What is only about to
    be contained, and has no record yet, is found among these.
    """
    found, heads = aws.gather(
        lambda: caught(lambda: find(aws, instance, principal, function)),
        lambda: _history.heads(aws, hours=1),
    )
    if isinstance(found, NoMatch):
        begun = beginning(aws, heads)
        called = set(names.matching(principal or function or instance, [one.name for one in begun]))
        found = next((one for one in begun if one.name in called), found)
    if isinstance(found, TobanError):
        raise found
    return found, heads


def beginning(aws: Aws, heads: list[Facts]) -> list[Named]:
    """What runs are about to contain, newest first, whether or not a record tells of it yet."""
    return [_target(aws, head) for head in heads if head["ids"] and is_containing(head)]


def _target(aws: Aws, head: Facts) -> Named:
    """By the ARN that a head tells, as its target or as it was asked for; else an instance here."""
    told = [one for one in (*head["ids"], *head["params"].values()) if _is_arn(one)]
    arn = told[0] if told else aws.settings.arn("ec2", f"instance/{head['ids'][0]}")
    return Named(parse(arn), head["names"][0], None)


def _is_arn(given: object) -> bool:
    return isinstance(given, str) and given.startswith("arn:")


def is_containing(head: Facts) -> bool:
    return head["action"] in CONTAIN and _history.alive(head)


def find(aws: Aws, instance: str, principal: str, function: str) -> Named:
    """The entity of the one name that is given, in one round of calls.

    Principals and functions are looked for among what is contained: nobody else's name is looked
    up. Raises BadRequest, NoMatch or Ambiguous.
    """
    slot = "principal" if principal else "function" if function else "instance"
    heard = principal or function or instance
    if heard.startswith("arn:") and parse(heard).kind != INSTANCE:
        return _by_arn(aws, parse(heard))
    if slot == "instance":
        return _any(aws, heard)
    return _like((slot,), heard, _containment.kept(aws))


def _any(aws: Aws, heard: str) -> Named:
    """Something that was named without its kind, as a rule an instance. It may be a user who is
    there and not contained: then it is not called unknown.
    """
    try:
        return _instance(aws, heard)
    except NoMatch as unknown:
        if unknown.facts["nearest"]:
            raise
        raise NoMatch(heard=heard, nearest=[], contained=True) from unknown


def instance(aws: Aws, heard: str) -> Live:
    """A live instance, contained or not. Raises BadRequest, NoMatch or Ambiguous."""
    named = _instance(aws, heard)
    if named.live is None:
        raise NoMatch(heard=heard, nearest=[])
    return Live(named.entity, named.name, named.record, named.live, named.fronts)


def _instance(aws: Aws, heard: str) -> Named:
    """A live instance, or one that is gone and has a record."""
    there = _targets.place(aws, heard)
    live, records, fronts = aws.gather(
        lambda: caught(lambda: _targets.entity(aws, heard)),
        lambda: _containment.kept(aws),
        lambda: caught(there.balancers.groups),
    )
    if isinstance(live, NoMatch):
        return _gone(heard, records, live)
    if isinstance(live, TobanError):
        raise live
    entity, one = live
    read = None if isinstance(fronts, TobanError) else fronts
    return Named(entity, one.name, _of(entity, records) or _just_made(aws, entity, one), one, read)


def _just_made(aws: Aws, entity: Entity, one: Instance) -> Facts | None:
    """A record that the index does not show yet: its tag says that there must be one."""
    return _containment.record_of(aws, entity.key) if one.status in CONTAINED else None


def _gone(heard: str, records: list[Facts], problem: NoMatch) -> Named:
    """A contained instance that EC2 no longer knows, or what else is contained under that name.
    Raises the NoMatch if there is nothing.
    """
    found = [row for row in records if heard in (row["entity"]["arn"], row["entity"]["id"])]
    try:
        return _named(found[0]) if found else _like(ANY, heard, records)
    except NoMatch:
        raise problem from None


def _of(entity: Entity, records: Sequence[Facts]) -> Facts | None:
    return next((row for row in records if Entity.of(row["entity"]).key == entity.key), None)


def _by_arn(aws: Aws, entity: Entity) -> Named:
    """A session's ARN does not tell the path of its role: then the name and the account do."""
    record, records = aws.gather(
        lambda: _containment.record_of(aws, entity.key), lambda: _containment.kept(aws)
    )
    same = (entity.kind, entity.id, entity.account)
    alike = [row for row in records if _short(row["entity"]) == same]
    if record is None and entity.kind == ROLE and alike:
        record = alike[0]
    return _named(record) if record else Named(entity, entity.id, None)


def _short(doc: Facts) -> tuple[str, str, str]:
    return doc["kind"], doc["id"], doc["account"]


def _like(slots: Sequence[str], heard: str, records: list[Facts]) -> Named:
    kinds = [kind for slot in slots for kind in KINDS[slot]]
    known = [row for row in records if row["entity"]["kind"] in kinds]
    called = set(names.matching(heard, [row["name"] for row in known]))
    found = [row for row in known if row["name"] in called]
    if len(found) > 1:
        raise Ambiguous(heard=heard, matches=[row["name"] for row in found][:4])
    if not found:
        near = names.nearest(heard, [row["name"] for row in known])
        raise NoMatch(heard=heard, nearest=near, kind=slots[0], contained=True)
    return _named(found[0])


def _named(record: Facts) -> Named:
    return Named(Entity.of(record["entity"]), record["name"], record)


def now(aws: Aws, named: Named, record: Facts) -> tuple[Case, dict[str, Facts]]:
    """The case of a record, without a flow, and its entity's state as read now."""
    one = named.entity
    there = aws.at(one.account, one.region)
    look = Look(there, one, record, tuple(record["wanted"]), named.live, named.fronts)
    return Case(there, None, one, record), _containment.survey(look)
