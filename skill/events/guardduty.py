"""GuardDuty's findings: what each is about, and whether it is proposed or contained at once."""

import json
from collections.abc import Iterator
from typing import Any

from skill.errors import BadRequest
from skill.events import aims
from skill.events.aims import MOST_TEXT
from skill.events.reading import (
    Event,
    Ignored,
    Mode,
    Wish,
    maybe,
    name_of,
    node,
    node_or,
    number,
    objects,
    text,
)
from skill.model import Facts
from skill.settings import Settings

PRINCIPAL = "aws.guardduty"
GRAVEST = 10


def guardduty(event: Event, settings: Settings) -> Iterator[Wish]:
    """A finding is proposed to be contained; at once where the deployer set a severity for that.

    Repeats of one finding are one case, whatever their count; a severity that has risen over the
    limit is contained although it is proposed.
    """
    detail = node(event, "detail")
    severity = number(detail, "severity", most=GRAVEST)
    if _is_sample(detail):
        raise Ignored("sample")
    if node_or(detail, False, "service", "archived") is True:
        raise Ignored("archived")
    limit = settings.contain_severity
    at_once = bool(limit) and severity >= limit
    if severity < settings.propose_severity and not at_once:
        raise Ignored("below-threshold")
    why = _why(event, severity)
    for aim in aims.of(event, why):
        yield _wish(event, why, aim, at_once)


def _wish(event: Event, why: Facts, aim: aims.Aim, at_once: bool) -> Wish:
    """What is named beside the finding's own resource may be a bystander: a person decides."""
    case = f"guardduty#{why['finding']}#{aim.arn}"
    contain, at_once = f"{case}#contain", at_once and aim.own
    return Wish(
        aim.action,
        aim.params,
        PRINCIPAL,
        contain if at_once else case,
        "finding",
        reason=f"{why['title']} ({why['severity']})",
        mode=Mode.ACT if at_once else Mode.PROPOSE,
        why=why if aim.own else why | {"resource": aims.called_in(event)},
        case="" if at_once else contain,
    )


def _is_sample(detail: Event) -> bool:
    """A sample says so beside its other information, or in a JSON text there."""
    more = node_or(detail, {}, "service", "additionalInfo")
    if not isinstance(more, dict):
        raise BadRequest(malformed="service.additionalInfo")
    if more.get("sample") is True:
        return True
    try:
        inner = json.loads(maybe(more, "value") or "{}")
    except ValueError:
        return False
    return isinstance(inner, dict) and inner.get("sample") is True


def _why(event: Event, severity: float) -> Facts:
    """What an approver has to know; all of it foreign text, and addresses for the eye only."""
    detail = event["detail"]
    count = node_or(detail, 1, "service", "count")
    facts = {
        "title": maybe(detail, "title") or text(detail, "type"),
        "type": text(detail, "type"),
        "severity": f"{severity:g}",
        "from": _remote(detail),
        "count": str(count) if isinstance(count, int) and count > 1 else "",
        "last": maybe(detail, "service", "eventLastSeen"),
        "finding": maybe(detail, "id") or maybe(detail, "arn") or name_of(event),
    }
    return {name: told[:MOST_TEXT] for name, told in facts.items() if told}


def _remote(detail: Event) -> str:
    """The other end, whatever kind of action the finding is about; the first of several."""
    action = node_or(detail, {}, "service", "action")
    kinds = list(action.values()) if isinstance(action, dict) else []
    ends = [end for kind in kinds for end in _ends(kind)]
    rows = objects(detail, "service", "detection", "sequence", "endpoints")
    found = [node_or(end, "", name) for end in ends for name in ("ipAddressV4", "ipAddressV6")]
    found += [row.get("ip") for row in rows]
    return next((one for one in found if isinstance(one, str) and one), "")


def _ends(kind: Any) -> list[Any]:
    """One kind of action has one other end; only port probes have a list of them."""
    rows = objects(kind, "portProbeDetails") or [kind]
    return [node_or(row, {}, "remoteIpDetails") for row in rows]
