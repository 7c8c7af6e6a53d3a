"""Where the deployer set a severity, a finding of it is contained at once; once a case."""

from tests.containment_world import Spec, build
from tests.events_world import accounts, invoke, renewed, sample
from tests.world import Json, Sandbox


def of_severity(event: Json, severity: float) -> Json:
    again = renewed(event)
    again["detail"]["severity"] = severity
    return again


def test_a_severity_that_rises_contains_what_was_only_proposed(yard_box: Sandbox) -> None:
    build(yard_box, Spec("press-9"))
    case = sample(yard_box, "guardduty", "press-9")
    for severity in (8.0, 8.0, 9, 9.0, 8.0):
        invoke(yard_box, of_severity(case, severity))
        yard_box.idle()
    ends = [(row["outcome"], row["reason"]) for row in sorted(accounts(yard_box), key=when)]
    assert ends == [
        ("proposal", ""),
        ("ignored", "duplicate"),
        ("run", ""),
        ("ignored", "duplicate"),
        ("ignored", "duplicate"),
    ]
    proposed, contained = sorted(yard_box.runs(), key=lambda run: not run["proposed"])
    assert (proposed["proposed"], proposed["ended"]) == (True, None)
    assert (contained["action"], contained["ending"]) == ("isolate", "done")
    assert contained["actor"]["id"] == "aws.guardduty"


def when(row: Json) -> str:
    return str(row["at"])
