"""Events that a rule or a call sends on to a bus: the sender's role, the bus's policy, one hop.

An event that came to a bus from another one is not sent on to a third, and no dead letter tells of
it. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.iam.models import iam_backends

from sandbox.delivery import moto as moto_side
from sandbox.delivery.core import Refused
from sandbox.delivery.events import Forwarded, put_event
from sandbox.delivery.policy import allows
from sandbox.runtime import organization, policies
from sandbox.runtime.access import Access

PRINCIPAL = "events.amazonaws.com"
PUT = "events:PutEvents"
_BUS = ":event-bus/"
Json = dict[str, Any]


@dataclass(frozen=True)
class Sender:
    """Who puts an event on a bus: a role or a user, and the rule that it acts for, if any."""

    arn: str
    rule: str = ""

    @property
    def account(self) -> str:
        return self.arn.split(":")[4]


def is_bus(arn: str) -> bool:
    """Whether an ARN is an event bus's."""
    return arn.startswith("arn:") and moto_side.service_of(arn) == "events" and _BUS in arn


def is_spent(target: str, event: Json) -> bool:
    """Whether an event has had its one hop, and the target would be another."""
    return is_bus(target) and isinstance(event, Forwarded)


def forward(bus_arn: str, event: Json, rule_arn: str, role: str) -> None:
    """Put a rule's event on another bus, with the account and Region that it came from.

    Raises Refused. Whether the role may be assumed, and allows it, is for the caller to ask.
    """
    _, _, _, region, account, bus = bus_arn.split(":")
    check_policy(bus_arn, event, Sender(role, rule_arn))
    put_event(Forwarded(event), bus.removeprefix("event-bus/"), account, region)


def check_trust(role: str, rule_arn: str) -> None:
    """Raise Refused unless the rule's own account has this role, and EventBridge may assume it."""
    roles = iam_backends[rule_arn.split(":")[4]]["aws"].roles.values()
    trust = [one.assume_role_policy_document for one in roles if one.arn == role]
    rows = [row for text in trust for row in policies.parse(text)]
    if not allows(rows, PRINCIPAL, "sts:AssumeRole", "*", rule_arn):
        message = f"{PRINCIPAL} may not assume the role {role or '(none)'}"
        raise Refused("NO_PERMISSIONS", message)


def check_policy(bus_arn: str, event: Json, sender: Sender) -> None:
    """Raise Refused unless there is such a bus, and its policy lets another account send this."""
    bus = moto_side.find_bus(bus_arn)
    if sender.account == bus.account_id:
        return
    rows = json.loads(bus.policy or "{}").get("Statement", [])
    mine = [row for row in rows if _is_named(row.get("Principal"), sender)]
    if not policies.permits(mine, Access(PUT, bus_arn, dict(_context(event, sender)))):
        message = f"{sender.arn} is not authorized to perform: {PUT} on resource: {bus_arn}"
        raise Refused("NO_PERMISSIONS", f"{message} because no resource-based policy allows it")


def _is_named(principal: Any, sender: Sender) -> bool:
    named = principal.get("AWS", []) if isinstance(principal, dict) else principal
    wanted = [named] if isinstance(named, str) else named or []
    return not {"*", sender.account, _root(sender.account), sender.arn}.isdisjoint(wanted)


def _root(account: str) -> str:
    return f"arn:aws:iam::{account}:root"


def _context(event: Json, sender: Sender) -> Iterator[tuple[str, list[str]]]:
    """What a policy's conditions may ask for; what is not known has no key."""
    found = {
        "aws:principalarn": sender.arn,
        "aws:principalaccount": sender.account,
        "aws:principalorgid": organization.id_of(sender.account),
        "aws:sourcearn": sender.rule,
        "events:source": str(event.get("source", "")),
        "events:detail-type": str(event.get("detail-type", "")),
        "events:eventbusinvocation": "true" if sender.rule else "false",
    }
    yield from ((key, [value]) for key, value in found.items() if value)
