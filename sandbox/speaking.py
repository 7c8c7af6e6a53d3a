"""What is said to the box: raw envelopes, sentences and taps, and what came of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sandbox.alexa import InvalidResponse, manners
from sandbox.bodies import Bad, object_of
from sandbox.runtime.servers import Request, Response

if TYPE_CHECKING:
    from sandbox.box import Box

Route = Callable[["Box", Request], Response]


class SkillFailed(RuntimeError):
    """The voice function raised, so Alexa got no answer."""


def post(box: "Box", envelope: dict[str, Any]) -> Any:
    """The skill's answer to what the device sends. Raises SkillFailed, InvalidResponse."""
    answer = box.voice(envelope)
    if answer.error:
        raise SkillFailed(f"{answer.error['errorType']}: {answer.error['errorMessage']}")
    return _judged(box, envelope, answer.payload)


def _judged(box: "Box", envelope: dict[str, Any], answer: Any) -> Any:
    """The answer; what certification would not take is kept. Raises InvalidResponse."""
    box.breaches += manners.breaches(box.device.judge(envelope, answer), answer)
    return answer


def _alexa(box: "Box", request: Request) -> Response:
    envelope = object_of(request)
    answer = box.voice(envelope)
    if answer.error is not None:
        keys = ("errorType", "errorMessage")
        return Response.of({key: answer.error.get(key, "") for key in keys}, 500)
    try:
        _judged(box, envelope, answer.payload)
    except InvalidResponse as error:
        return Response.of({"errorType": "InvalidResponse", "errorMessage": str(error)}, 502)
    return Response.of(answer.payload)


def _say(box: "Box", request: Request) -> Response:
    given = _spoken(box, request, "text", "display")
    if not isinstance(given.get("text"), str):
        raise Bad('body needs "text"')
    if not isinstance(given.get("display", True), bool):
        raise Bad('"display" must be true or false')
    return _heard(lambda: box.say(**given))


def _touch(box: "Box", request: Request) -> Response:
    given = _spoken(box, request, "arguments")
    if not isinstance(given.get("arguments"), list) or "session" not in given:
        raise Bad('body needs "session" and a list of "arguments"')
    return _heard(lambda: box.touch(**given))


def _spoken(box: "Box", request: Request, *more: str) -> dict[str, Any]:
    """Who turns to the device, in which language and conversation."""
    body = object_of(request)
    if strange := set(body) - {"locale", "session", "person", *more}:
        raise Bad(f"unknown keys: {', '.join(sorted(strange))}")
    given = {name: value for name, value in body.items() if value is not None}
    if not_text := [
        name for name in ("locale", "session") if not isinstance(given.get(name, ""), str)
    ]:
        raise Bad(f"not a string: {', '.join(not_text)}")
    if "person" in given:
        given["person"] = _person(box, given["person"])
    return given


def _heard(answer: Callable[[], dict[str, Any]]) -> Response:
    try:
        return Response.of(answer())
    except (InvalidResponse, SkillFailed) as error:
        return Response.of({"error": f"{type(error).__name__}: {error}"}, 502)


def _person(box: "Box", value: Any) -> Any:
    """Who speaks: a name, an Alexa person or user id, or an object with userId (and personId)."""
    known = box.speakers | {"stranger": {}}
    names = {name_id: name for name, row in known.items() for name_id in row.values()}
    if isinstance(value, dict):
        return _object_of_ids(value)
    if not isinstance(value, str) or not (value in known or value.startswith("amzn1.ask.")):
        raise Bad(f"unknown person: {value} (known: {', '.join(known)})")
    if value in known or value in names:
        return names.get(value, value)
    if value.startswith("amzn1.ask.person."):
        return {"userId": box.speakers["responder"]["userId"], "personId": value}
    return {"userId": value}


def _object_of_ids(value: dict[str, Any]) -> dict[str, Any]:
    if "userId" not in value or not all(isinstance(each, str) for each in value.values()):
        raise Bad('a person needs "userId" and perhaps "personId", both strings')
    return value


def _breaches(box: "Box", _: Request) -> Response:
    return Response.of({"breaches": box.breaches})


def _clear_breaches(box: "Box", _: Request) -> Response:
    box.breaches.clear()
    return Response.of({"breaches": []})


ROUTES: dict[tuple[str, str], Route] = {
    ("POST", "/alexa"): _alexa,
    ("POST", "/say"): _say,
    ("POST", "/touch"): _touch,
    ("GET", "/breaches"): _breaches,
    ("DELETE", "/breaches"): _clear_breaches,
}
