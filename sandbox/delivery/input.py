"""What a rule's target receives: the event, or Input, InputPath or InputTransformer made of it."""

import json
import re
from typing import Any

from jsonpath_ng.exceptions import JSONPathError
from jsonpath_ng.ext import parse

from sandbox.delivery.core import Refused

Json = dict[str, Any]

_PLACEHOLDER = re.compile(r"<([\w.-]+)>")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def target_input(target: Json, event: Json, rule_arn: str) -> str:
    """The JSON text for a target; raises Refused where the template makes no JSON."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return _text(_at(target["InputPath"], event))
    if transformer := target.get("InputTransformer"):
        return _transformed(transformer, event, rule_arn)
    return _text(event)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _at(path: str, event: Json) -> Any:
    found = parse(path).find(event)
    return found[0].value if found else None


def check_paths(target: Json) -> str | None:
    """The first JSON path of a target that cannot be parsed, if any."""
    paths = [target["InputPath"]] if target.get("InputPath") else []
    paths += (target.get("InputTransformer") or {}).get("InputPathsMap", {}).values()
    return next((path for path in paths if not _parses(path)), None)


def _parses(path: str) -> bool:
    try:
        parse(path)
    except JSONPathError:
        return False
    return path.startswith("$")


def _transformed(transformer: Json, event: Json, rule_arn: str) -> str:
    paths = transformer.get("InputPathsMap") or {}
    values = {name: _at(path, event) for name, path in paths.items()}
    values |= _reserved(event, rule_arn)
    text = _fill(transformer["InputTemplate"], values)
    try:
        json.loads(text)
    except ValueError as error:
        raise Refused("INVALID_JSON", f"The input template makes no JSON: {text[:200]}") from error
    return text


def _reserved(event: Json, rule_arn: str) -> Json:
    return {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_arn.rsplit("/", 1)[-1],
        "aws.events.event.ingestion-time": event["time"],
        "aws.events.event": {key: value for key, value in event.items() if key != "detail"},
        "aws.events.event.json": event,
    }


def _fill(template: str, values: Json) -> str:
    """A placeholder inside quotes becomes part of the string; a bare one becomes a JSON value."""
    text, position = "", 0
    for string in _STRING.finditer(template):
        text += _bare(template[position : string.start()], values) + _quoted(string[0], values)
        position = string.end()
    return text + _bare(template[position:], values)


def _bare(text: str, values: Json) -> str:
    return _PLACEHOLDER.sub(lambda name: _text(_value(values, name[1], name[0])), text)


def _quoted(text: str, values: Json) -> str:
    return _PLACEHOLDER.sub(lambda name: _inside(_value(values, name[1], name[0])), text)


def _value(values: Json, name: str, unknown: str) -> Any:
    """A path that finds nothing gives the empty string; an undeclared name stays as it is."""
    value = values.get(name, unknown)
    return "" if value is None else value


def _inside(value: Any) -> str:
    return _text(value if isinstance(value, str) else _text(value))[1:-1]
