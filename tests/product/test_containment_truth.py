"""What is said of a containment is what was read back: each measure refused by AWS in its turn.

Some entities of each kind are contained while AWS refuses each the calls of its measures; then
once more while it refuses nothing, and released.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.containment_identities import identity
from tests.containment_undoing import SAID, UNDOING, first
from tests.containment_view import aws, described, groups, released
from tests.containment_world import WHOLE, Spec, build, contain, instance_arn, release
from tests.product.test_identity import ours, records, same
from tests.product.test_verify import Which, make, shares
from tests.world import Json, Sandbox

Rows = dict[Any, Any]
# The calls that a measure is taken with: service and operations.
CALLS: dict[str, tuple[str, ...]] = {
    "role": ("iam", "PutRolePolicy"),
    "protection": ("ec2", "ModifyInstanceAttribute"),
    "autoscaling": ("autoscaling", "EnterStandby", "DetachInstances"),
    "balancers": ("elbv2", "DeregisterTargets"),
    "addresses": ("ec2", "DisassociateAddress"),
    "network": ("ec2", "ModifyNetworkInterfaceAttribute"),
    "metadata": ("ec2", "ModifyInstanceMetadataOptions"),
    "snapshots": ("ec2", "CreateSnapshots"),
    "console": ("ec2", "GetConsoleOutput", "GetConsoleScreenshot"),
    "deny": ("iam", "AttachUserPolicy", "AttachRolePolicy"),
    "keys": ("iam", "UpdateAccessKey"),
    "password": ("iam", "UpdateLoginProfile"),
    "sessions": ("iam", "PutUserPolicy", "PutRolePolicy"),
    "concurrency": ("lambda", "PutFunctionConcurrency"),
    "mappings": ("lambda", "UpdateEventSourceMapping"),
    "execution": ("iam", "PutRolePolicy", "AttachRolePolicy"),
}
# A timeout is set by the call that moves an interface too; it has a test of its own.
SHARES = shares([which for which in [*UNDOING, ("user", "password")] if which[1] != "tracking"])
ESSENTIAL = {"network", "deny", "keys", "concurrency", "execution"}
# An instance's role has both of these, by the same call.
INLINE = {"role": "TobanDeny-", "sessions": "TobanRevokeOlderSessions-"}
DRIFTING = (
    "role",
    "sessions",
    "protection",
    "autoscaling",
    "balancers",
    "addresses",
    "network",
    "metadata",
)


def subject(box: Sandbox, measure: str, one: str) -> str:
    """A text that the measure's calls have in their parameters, and nobody else's."""
    if measure == "network":
        return first(box, one)
    if measure == "addresses":
        rows = aws(box, "ec2").describe_addresses()["Addresses"]
        return next(str(row["AssociationId"]) for row in rows if row.get("InstanceId") == one)
    if measure == "mappings":
        api = aws(box, "lambda")
        rows = api.list_event_source_mappings(FunctionName=one)["EventSourceMappings"]
        return str(rows[0]["UUID"])
    return (INLINE.get(measure, "") if one.startswith("i-") else "") + one


def faults(box: Sandbox, measure: str, one: str) -> list[Json]:
    service, *operations = CALLS[measure]
    common = {"function": "workflow", "service": service, "kind": "deny"}
    text = subject(box, measure, one)
    return [{**common, "operation": operation, "params": text} for operation in operations]


def look(box: Sandbox, one: str, arn: str) -> Json:
    return described(box, one) if one.startswith("i-") else identity(box, arn)


def notices(box: Sandbox, run: Json) -> str:
    """What Slack was told of a run."""
    rows = [str(one["body"]) for one in box.messages() if one["channel"] == "slack"]
    return " ".join(row for row in rows if run["id"] in row)


@pytest.fixture(scope="module")
def refused(standing_yard: Sandbox) -> Iterator[Rows]:
    """Which to the state before, the first run and what was told of it, the second run, that of the
    release, and the state after.
    """
    box = standing_yard
    box.reset()
    made = {which: make(box, *which) for which in SHARES}
    box.idle()
    arns = [arn for _, arn in made.values()]
    before = [look(box, *each) for each in made.values()]
    rules = [
        rule
        for which, measures in SHARES.items()
        for measure in measures
        for rule in faults(box, measure, made[which][0])
    ]
    box.faults(*rules)
    runs = contain(box, *arns)
    box.faults()
    told = [notices(box, run) for run in runs]
    again, back = contain(box, *arns), release(box, *arns)
    after = [look(box, *each) for each in made.values()]
    rows = zip(before, runs, told, again, back, after, strict=True)
    yield {"box": box, **dict(zip(SHARES, rows, strict=True))}


@pytest.mark.parametrize("which", SHARES, ids=str)
def test_measures_that_aws_refused_are_named(refused: Rows, which: Which) -> None:
    facts, share = refused[which][1]["result"]["facts"], set(SHARES[which])
    more = {"tracking"} if "network" in share else set()
    assert set(facts["unfinished"]) == share | more
    assert {facts["refused"].get(measure) for measure in share - {"network"}} == {"denied"}
    assert facts["contained"] == (not share & ESSENTIAL)


@pytest.mark.parametrize("which", SHARES, ids=str)
def test_what_was_refused_is_told_and_nothing_else_claimed(refused: Rows, which: Which) -> None:
    _, run, told, *_ = refused[which]
    share = set(SHARES[which])
    assert run["ending"] != "done"
    if share & ESSENTIAL:
        assert not any(claim in told for claim in ("is isolated", "is locked"))
    if "network" not in share:  # then the interfaces are what is told
        assert {each for each in share if SAID[each].replace("I P ", "IP ") in told} == share


@pytest.mark.parametrize("which", SHARES, ids=str)
def test_asked_again_it_is_finished_and_released_it_is_as_before(
    refused: Rows, which: Which
) -> None:
    before, _, _, again, back, after = refused[which]
    assert again["ending"] == "done", again["result"]["facts"]
    assert (back["ending"], back["result"]["facts"]["left"]) == ("done", [])
    same(released(before) if which[0] == "instance" else before, after)


def test_nothing_of_ours_is_left(refused: Rows) -> None:
    assert records(refused["box"]) == []
    assert ours(refused["box"]) == []


def test_what_cannot_be_read_back_is_not_called_isolated(yard_box: Sandbox) -> None:
    """The interfaces are moved all the same."""
    one = build(yard_box, Spec("press"))
    reading = {"service": "ec2", "operation": "DescribeNetworkInterfaces", "kind": "deny"}
    yard_box.faults({**reading, "function": "workflow"})
    (run,) = contain(yard_box, instance_arn(yard_box, one))
    yard_box.faults()
    facts = run["result"]["facts"]
    assert (facts["contained"], facts["read_back"]) == (False, False)
    assert "did not let me read them back" in notices(yard_box, run)
    ((group,),) = groups(yard_box, one).values()
    rows = aws(yard_box, "ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert {"Key": "TobanGroup", "Value": "isolation"} in rows[0]["Tags"]


def test_tracking_that_aws_refuses_keeps_nothing_from_isolation(yard_box: Sandbox) -> None:
    one = build(yard_box, Spec("press"))
    before = described(yard_box, one)
    setting = {"operation": "ModifyNetworkInterfaceAttribute", "params": "ConnectionTracking"}
    yard_box.faults({**setting, "service": "ec2", "function": "workflow", "kind": "deny"})
    (run,) = contain(yard_box, instance_arn(yard_box, one))
    yard_box.faults()
    assert run["result"]["facts"]["unfinished"] == ["tracking"]
    assert run["result"]["facts"]["contained"]
    assert SAID["tracking"] in notices(yard_box, run)
    (back,) = release(yard_box, instance_arn(yard_box, one))
    assert back["ending"] == "done"
    same(before, described(yard_box, one))


def test_a_containment_that_drifted_is_taken_up_again(yard_box: Sandbox) -> None:
    """What others did to it meanwhile is undone, and its first state is what a release gives."""
    spec = Spec("press", interfaces=(WHOLE.interfaces[0],), targets=1, scaling="tight")
    one = build(yard_box, spec)
    arn, before = instance_arn(yard_box, one), described(yard_box, one)
    contain(yard_box, arn)
    for measure in DRIFTING:
        UNDOING["instance", measure](yard_box, one)
    yard_box.idle()
    (again,) = contain(yard_box, arn)
    assert again["ending"] == "done", again["result"]["facts"]
    assert yard_box.talk().intent("VerifyIntent", instance="press").startswith("Press is still")
    (back,) = release(yard_box, arn)
    assert back["ending"] == "done", back["result"]["facts"]
    same(released(before), described(yard_box, one))


def test_isolated_already_is_said_only_if_all_of_it_holds(yard_box: Sandbox) -> None:
    one = build(yard_box, Spec("press"))
    contain(yard_box, instance_arn(yard_box, one))
    for measure in ("protection", "metadata", "role"):
        said = yard_box.talk().intent("IsolateIntent", instance="press")
        assert said == "Press is isolated already."
        UNDOING["instance", measure](yard_box, one)
        said = yard_box.talk().intent("IsolateIntent", instance="press")
        assert said.startswith("Isolate press?"), measure
        mend(yard_box, one)


def mend(box: Sandbox, one: str) -> None:
    """Protected again, and without its metadata service; its role's policy is not given back."""
    ec2 = aws(box, "ec2")
    ec2.modify_instance_attribute(InstanceId=one, DisableApiStop={"Value": True})
    ec2.modify_instance_metadata_options(InstanceId=one, HttpEndpoint="disabled")
