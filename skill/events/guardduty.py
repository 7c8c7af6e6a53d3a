"""GuardDuty's findings: what each is about, and whether it is proposed or contained at once."""

import json
import re
from collections.abc import Callable, Iterator

from skill.errors import BadRequest
from skill.events import place
from skill.events.reading import Event, Ignored, Mode, Wish, maybe, name_of, node, number, text
from skill.model import Facts
from skill.settings import Settings

PRINCIPAL = "aws.guardduty"
GRAVEST = 10
MOST_TEXT = 300
_NAME = re.compile(r"[\w+=,.@-]{1,128}")
# The action that contains, its parameters, and what tells the resource apart.
Aim = tuple[str, Facts, str]


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
    action, params, resource = _aim(event, why)
    case = f"guardduty#{why['finding']}#{resource}"
    contain = f"{case}#contain"
    reason = f"{why['title']} ({why['severity']})"
    yield Wish(
        action,
        params,
        PRINCIPAL,
        contain if at_once else case,
        "finding",
        reason=reason,
        mode=Mode.ACT if at_once else Mode.PROPOSE,
        why=why,
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


def node_or(event: Event, default: object, *path: str) -> object:
    """What stands at a path of keys, or something else where there is nothing."""
    try:
        return node(event, *path)
    except BadRequest:
        return default


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
    """The other end, whatever kind of action the finding is about."""
    action = node_or(detail, {}, "service", "action")
    kinds = action.values() if isinstance(action, dict) else ()
    for kind in kinds:
        found = node_or(kind, "", "remoteIpDetails", "ipAddressV4") if kind else ""
        if isinstance(found, str) and found:
            return found
    return ""


def _aim(event: Event, why: Facts) -> Aim:
    """What to contain. Raises Ignored, to be told, where Toban can contain nothing."""
    kind = text(event, "detail", "resource", "resourceType")
    reader = _RESOURCES.get(kind)
    if reader is None:
        raise Ignored("unsupported-resource", why | {"resource": kind[:MOST_TEXT]})
    return reader(event, why)


def _instance(event: Event, _: Facts) -> Aim:
    instance = text(event, "detail", "resource", "instanceDetails", "instanceId")
    if not re.fullmatch(r"i-[0-9a-f]{8,17}", instance):
        raise BadRequest(malformed="instanceId")
    arn = f"{_arn(event, 'ec2')}:instance/{instance}"
    return "isolate", {"instance": arn}, arn


def _principal(event: Event, why: Facts) -> Aim:
    """The user or the role behind the keys. Its path is not told, so the kind is."""
    found = node(event, "detail", "resource", "accessKeyDetails")
    kind, name = text(found, "userType"), maybe(found, "userName")
    if kind not in _USERS:
        raise Ignored("unsupported-principal", why | {"resource": f"{kind} {name}"[:MOST_TEXT]})
    if not _NAME.fullmatch(name):
        raise BadRequest(malformed="userName")
    arn = f"{_arn(event, 'iam')}:{_USERS[kind]}/{name}"
    return "lock_principal", {"principal": arn, "kind": _USERS[kind]}, arn


def _function(event: Event, _: Facts) -> Aim:
    arn = text(event, "detail", "resource", "lambdaDetails", "functionArn")
    return "lock_function", {"function": arn[:MOST_TEXT]}, arn[:MOST_TEXT]


def _arn(event: Event, service: str) -> str:
    """The first five parts of an ARN. Raises BadRequest for an account or Region that is none."""
    detail = event["detail"]
    account = maybe(detail, "accountId") or text(event, "account")
    region = maybe(detail, "region") or text(event, "region")
    place.check(account, region, "accountId")
    partition = maybe(detail, "partition") or "aws"
    return f"arn:{partition}:{service}:{'' if service == 'iam' else region}:{account}"


_USERS = {"IAMUser": "user", "AssumedRole": "role", "Role": "role"}
_RESOURCES: dict[str, Callable[[Event, Facts], Aim]] = {
    "Instance": _instance,
    "AccessKey": _principal,
    "Lambda": _function,
}
