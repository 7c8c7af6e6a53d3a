"""From what was said or sent to the one IAM user or role that it means, and whom it serves."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from skill import names
from skill.actions import _locks
from skill.actions._measures.execution import others
from skill.aws import Aws
from skill.aws.ec2 import filters
from skill.entity import ROLE, USER, Entity, parse
from skill.errors import Ambiguous, BadRequest, Gone, NoMatch, Refused
from skill.model import Facts

KINDS = (USER, ROLE)
MORE = 2
FUNCTION_PAGES = 2
# AWS makes and keeps these roles: what is attached to them by others is refused or undone.
_TOLD = re.compile(r"(?:the )?(?:(user|role) (.+)|(.+) (user|role))", re.IGNORECASE)
Row = dict[str, Any]


def entity(aws: Aws, heard: str, kind: str = "") -> Entity:
    """The user or role with that ARN, or that is called so at home.

    Raises BadRequest, NoMatch or Ambiguous, whose matches tell the kind ("user alice").
    """
    if not heard:
        raise BadRequest(missing="principal")
    if kind not in ("", *KINDS):
        raise BadRequest(kind=kind)
    return _by_arn(aws, heard, kind) if heard.startswith("arn:") else _called(aws, heard, kind)


def _by_arn(aws: Aws, arn: str, kind: str) -> Entity:
    """As IAM knows it: a name may have a new owner with another path. The path is not told by a
    session's ARN, nor by one that comes with its kind.
    """
    given = parse(arn)
    if given.kind not in KINDS:
        raise BadRequest(entity=arn[:200])
    found = described(aws.at(given.account), given)["Arn"]
    if found != arn and ":iam:" in arn and kind != given.kind:
        raise NoMatch(heard=given.id, nearest=[])
    return parse(found)


def described(aws: Aws, one: Entity) -> Row:
    """A user or a role with its tags. Raises NoMatch, and Refused for a role that is AWS's own."""
    try:
        found = aws.iam.principal(one.kind, one.id)
    except Gone as error:
        raise NoMatch(heard=one.id, nearest=[]) from error
    if found["Path"].startswith(_locks.RESERVED):
        raise Refused(reason="service_linked", name=one.id)
    return found


def _called(aws: Aws, heard: str, kind: str) -> Entity:
    """Users and roles at once; further pages only while nobody has that name."""
    listed = [aws.iam.principals(each) for each in KINDS if kind in ("", each)]
    seen: list[Entity] = []
    for _ in range(1 + MORE):
        pages = aws.gather(*(lambda pages=pages: next(pages, []) for pages in listed))
        fresh = [parse(row["Arn"]) for page in pages for row in page]
        seen += fresh
        if found := _matching(heard, fresh):
            return _only(heard, found)
        if not fresh:
            break
    raise NoMatch(heard=heard, nearest=names.nearest(heard, [one.id for one in seen]))


def _matching(heard: str, known: Iterable[Entity]) -> list[Entity]:
    """Those that are called so, or so and their kind; a name that is spelt so wins."""
    known = list(known)
    found = [one for said, kind in _readings(heard) for one in _named(said, kind, known)]
    return [one for one in found if one.id == heard] or found


def _readings(heard: str) -> Iterator[tuple[str, str]]:
    """What may be meant: "the role web app" is a role called web-app, or something so called."""
    yield heard, ""
    if told := _TOLD.fullmatch(heard.strip()):
        first, after, before, last = told.groups()
        yield after or before, (first or last).casefold()


def _named(said: str, kind: str, known: list[Entity]) -> list[Entity]:
    wanted = set(names.matching(said, [one.id for one in known if kind in ("", one.kind)]))
    return [one for one in known if kind in ("", one.kind) and one.id in wanted]


def _only(heard: str, found: list[Entity]) -> Entity:
    different = list(dict.fromkeys(found))
    if len(different) > 1:
        matches = [f"{one.kind} {one.id}" for one in different]
        raise Ambiguous(heard=heard, matches=matches[:4])
    return different[0]


def place(aws: Aws, arn: str) -> Aws:
    """Where an ARN's entity is; a name is at home."""
    named = parse(arn) if arn.startswith("arn:") else None
    return aws.at(named.account, named.region) if named else aws


def serves(aws: Aws, role: str, profiles: dict[str, list[str]], function: str = "") -> Facts:
    """Who else uses a role, in this Region: {"instances": live ones, "functions": how many,
    "functions_more": whether there may be others, "sharing": three of their names, "own": whether
    one is ours}; nobody for an empty name. `profiles` are the ARNs of instance profiles by role;
    `function` is an ARN that does not count.
    """
    reads = (lambda: _instances(aws, profiles.get(role, [])), lambda: _functions(aws))
    count, (rows, more) = aws.gather(*reads) if role else (0, ([], False))
    shared = others(rows, role, function)
    return {
        "instances": count,
        "functions": len(shared),
        "functions_more": more,
        "sharing": shared[:3],
        "own": any(_locks.our_function(aws.settings, each) for each in shared),
    }


def _instances(aws: Aws, profiles: list[str]) -> int:
    if not profiles:
        return 0
    return len(aws.ec2.instances(*filters(**{"iam_instance_profile.arn": profiles})))


def _functions(aws: Aws) -> tuple[list[Row], bool]:
    """The first pages, and whether that was not all: who asks is waiting."""
    pages = list(islice(aws.functions.listed(), FUNCTION_PAGES))
    return [row for page, _ in pages for row in page], pages[-1][1]
