"""Who is who, where a person has a Slack account, a voice and names in AWS."""

import pytest

from skill.engine import people, policy
from skill.errors import Refused
from skill.model import Actor, Plan, Role
from skill.settings import Settings

ARN = "arn:aws:iam::123456789012"
VOICE = "amzn1.ask.person.ANN"
APPROVERS = (f"U0ANN={ARN}:role/responders/*", f"U0ANN={VOICE}", f"U0BEN={ARN}:user/ben", "U0CLEO")
SETTINGS = Settings(
    "table", "arn:aws:lambda:::function:toban-workflow:live", "", slack_approvers=APPROVERS
)
ROLE, BEN, FINDING = f"{ARN}:role/responders/Ann", f"{ARN}:user/ben", "guardduty"
OWN, UNKNOWN = "own_request", "unknown_approver"

CASES = {
    "ann's role, ann in slack": ("slack", "U0ANN", ROLE, OWN),
    "ann's role, ann's voice": ("voice", VOICE, ROLE, OWN),
    "ann's voice, ann in slack": ("slack", "U0ANN", VOICE, OWN),
    "ann's role, ben in slack": ("slack", "U0BEN", ROLE, ""),
    "ben's user, ann's voice": ("voice", VOICE, BEN, ""),
    "ben's user, a voice nobody listed": ("voice", "amzn1.ask.person.DAN", BEN, ""),
    "ben's user, cleo who may be ben": ("slack", "U0CLEO", BEN, UNKNOWN),
    "a tag without a name, cleo": ("slack", "U0CLEO", "", UNKNOWN),
    "a tag without a name, ben": ("slack", "U0BEN", "", ""),
    "a finding, cleo": ("slack", "U0CLEO", FINDING, ""),
    "cleo herself": ("slack", "U0CLEO", "U0CLEO", OWN),
}


@pytest.mark.parametrize("case", CASES)
def test_nobody_approves_what_may_be_their_own(case: str) -> None:
    door, who, asked, reason = CASES[case]
    actor = Actor(door, who, Role.RESPONDER)
    prior = {"requester": {"door": "tag", "id": asked, "role": "none"}}
    plan = Plan("approve", prior=prior, destructive=True)
    try:
        policy.independent(plan, actor, SETTINGS)
    except Refused as refused:
        assert refused.facts["reason"] == reason
    else:
        assert reason == ""
    policy.independent(Plan("approve", prior=prior), actor, SETTINGS)
    policy.independent(Plan("decline", prior=prior, destructive=True), actor, SETTINGS)


def test_only_listed_accounts_answer() -> None:
    assert people.is_listed(SETTINGS, "U0CLEO")
    assert not people.is_listed(SETTINGS, "U0CLE")
    assert not people.is_listed(SETTINGS, "")
    assert not people.is_listed(Settings("table", "arn"), "U0ANN")
