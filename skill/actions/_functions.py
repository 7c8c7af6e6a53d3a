"""From what was said or sent to the one Lambda function that it means."""

import re
from collections.abc import Iterator
from typing import Any

from skill import names
from skill.aws import Aws
from skill.entity import FUNCTION, Entity, parse
from skill.errors import Ambiguous, BadRequest, Gone, NoMatch

MORE = 2
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
Row = dict[str, Any]


def entity(aws: Aws, heard: str) -> tuple[Entity, str]:
    """The function with that ARN, or that is called so at home, and the name of its role.

    Raises BadRequest, NoMatch or Ambiguous.
    """
    if not heard:
        raise BadRequest(missing="function")
    if not heard.startswith("arn:"):
        return _called(aws, heard)
    given = parse(heard)
    if given.kind != FUNCTION:
        raise BadRequest(entity=heard[:200])
    found = _there(aws.at(given.account, given.region), given.id)
    if found is None:
        raise NoMatch(heard=given.id, nearest=[])
    return given, _role(found)


def _role(row: Row) -> str:
    return str(row["Role"]).rpartition("/")[2]


def _there(aws: Aws, name: str) -> Row | None:
    try:
        return aws.functions.one(name)
    except Gone:
        return None


def _called(aws: Aws, heard: str) -> tuple[Entity, str]:
    """The likely spellings asked for beside the first page of names, and then two more pages."""
    listed = aws.functions.listed()
    guesses = list(dict.fromkeys(spellings(heard)))
    (page, _), *rows = aws.gather(
        lambda: next(listed, ([], False)),
        *(lambda name=name: _there(aws, name) for name in guesses),
    )
    page = [*page, *(row for row in rows if row)]
    seen: dict[str, Row] = {}
    for _ in range(1 + MORE):
        seen |= {row["FunctionName"]: row for row in page}
        if found := names.matching(heard, seen):
            return _only(heard, found, seen)
        page, _ = next(listed, ([], False))
        if not page:
            break
    raise NoMatch(heard=heard, nearest=names.nearest(heard, list(seen)))


def spellings(heard: str) -> Iterator[str]:
    """How a function may be written that is called so: "image resizer" is image-resizer,
    image_resizer, imageresizer, ImageResizer.
    """
    words = re.findall(r"[A-Za-z0-9]+", heard)
    forms = [heard, *(mark.join(words) for mark in ("-", "_", ""))]
    forms.append("".join(word[:1].upper() + word[1:] for word in words))
    yield from (form for form in forms if _NAME.fullmatch(form))


def _only(heard: str, found: list[str], seen: dict[str, Row]) -> tuple[Entity, str]:
    if len(found) > 1:
        raise Ambiguous(heard=heard, matches=found[:4])
    row = seen[found[0]]
    return parse(row["FunctionArn"]), _role(row)
