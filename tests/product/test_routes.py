"""What each route makes of its events: who is listed acts, the rest is proposed, once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

from skill.engine import once
from tests.events_world import accounts, asking, buried, invoke, renewed, sample
from tests.world import Json, Sandbox

STRANGER = "arn:aws:iam::123456789012:user/intern"


def ends(box: Sandbox) -> list[tuple[str, str, str]]:
    box.idle()
    return sorted((row["route"], row["outcome"], row["reason"]) for row in accounts(box))


def kinds(box: Sandbox) -> list[tuple[str, bool]]:
    return sorted((run["action"], run["proposed"]) for run in box.runs())


def by(event: Json, arn: str) -> Json:
    event["detail"]["userIdentity"] = {"type": "IAMUser", "arn": arn}
    return event


def twins(box: Sandbox, by_whom: str, name: str = "batch-1") -> tuple[Json, Json]:
    """The two events of one change, as AWS sends them."""
    nameless, named = (
        asking(sample(box, one, name, fresh=True), "suspicious")
        for one in ("tag-change", "created-tags")
    )
    return nameless, by(named, by_whom)


def test_a_real_tag_comes_as_two_events_and_is_one_run(box: Sandbox) -> None:
    box.tag("batch-1", "suspicious")
    assert ends(box) == [("created-tags", "run", ""), ("tag-change", "ignored", "twin")]
    assert kinds(box) == [("mark_suspicious", False)]


def test_a_launch_with_the_tag_is_one_run_of_its_instances(box: Sandbox) -> None:
    like = box.instance("batch-1")
    tags = [{"Key": "Name", "Value": "batch-9"}, {"Key": "Toban", "Value": "suspicious"}]
    box.ec2.run_instances(
        ImageId=like["ImageId"],
        SubnetId=like["SubnetId"],
        InstanceType="t3.small",
        MinCount=2,
        MaxCount=2,
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
    )
    found = ends(box)
    assert found.count(("run-instances", "run", "")) == 1
    assert found.count(("tag-change", "ignored", "twin")) == 2
    assert kinds(box) == [("mark_suspicious", False)] * 2


ORDERS = ("nameless first", "named first", "at once")
# Whether the principal is listed, the order of the two events, and an instance for each case.
CASES = zip(
    product((True, False), ORDERS),
    ("batch-1", "batch-2", "api-1", "web-1", "web-2", "web-3"),
    strict=True,
)


def test_twins_are_one_whatever_their_order(box: Sandbox) -> None:
    wanted = []
    for (listed, order), name in CASES:
        both = twins(box, box.ready["principal"] if listed else STRANGER, name)
        sent_in(order, box, *both)
        wanted.append((name, not listed))
    box.idle()
    assert Counter(row["reason"] for row in accounts(box)) == {"": 6, "twin": 6}
    found = [(run["plan"]["targets"][0]["name"], run["proposed"]) for run in box.runs()]
    assert sorted(found) == sorted(wanted)


def sent_in(order: str, box: Sandbox, nameless: Json, named: Json) -> None:
    if order == "at once":
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda one: invoke(box, one), (nameless, named)))
        return
    for event in (named, nameless) if order == "named first" else (nameless, named):
        invoke(box, event)
        if order == "named first":
            box.idle()


def test_a_nameless_tag_that_nobody_answers_for_is_proposed_and_stays_the_only_one(
    box: Sandbox,
) -> None:
    nameless, named = twins(box, STRANGER)
    invoke(box, nameless)
    assert ends(box) == [("tag-change", "proposal", "")]
    for late in [named, nameless, renewed(nameless)]:
        invoke(box, late)
    assert [row[1:] for row in ends(box)] == [
        ("ignored", "twin"),
        ("ignored", "duplicate"),
        ("ignored", "duplicate"),
        ("proposal", ""),
    ]
    assert kinds(box) == [("mark_suspicious", True)]


def test_of_two_states_of_the_tags_the_older_one_asks_for_nothing(box: Sandbox) -> None:
    newer = sample(box, "tag-change", fresh=True)
    older, removed, other = renewed(newer), renewed(newer), renewed(newer)
    newer["detail"]["version"], removed["detail"]["version"] = 7, 8
    del removed["detail"]["tags"]["Toban"]
    other["detail"] |= {"version": 9, "tags": {"Toban": "explode"}}
    foreign = renewed(older)
    foreign["detail"]["resource-type"] = "volume"
    for event in [removed, newer, older, other, foreign]:
        invoke(box, event)
        box.idle()
    assert [reason for _, _, reason in ends(box)] == [
        "no-request",
        "older",
        "older",
        "other-resource",
        "removed",
    ]
    assert box.runs() == []


def finding(box: Sandbox, **change: Any) -> Json:
    event = sample(box, "guardduty", fresh=True)
    detail = event["detail"]
    detail["id"] = event["id"].replace("-", "")
    for path, value in change.items():
        *parents, name = path.split("__")
        place = detail
        for each in parents:
            place = place.setdefault(each, {})
        place[name] = value
    return event


def keys(kind: str, name: str) -> Json:
    found = {"accessKeyId": "ASIA", "principalId": "x", "userType": kind, "userName": name}
    return {"resourceType": "AccessKey", "accessKeyDetails": found}


def our_role(box: Sandbox) -> str:
    names = [row["RoleName"] for row in box.aws("iam").list_roles()["Roles"]]
    return next(str(name) for name in names if "WorkflowFunctionRole" in name)


def test_what_is_made_of_a_finding(box: Sandbox) -> None:
    bucket = {"resourceType": "S3Bucket", "s3BucketDetails": [{"name": "data"}]}
    box.aws("iam").create_user(Path="/staff/", UserName="dora")
    events = [
        ("ignored sample", finding(box, service__additionalInfo={"sample": True})),
        ("ignored archived", finding(box, service__archived=True)),
        ("ignored below-threshold", finding(box, severity=3.9)),
        ("ignored unsupported-resource", finding(box, resource=bucket)),
        ("ignored unsupported-principal", finding(box, resource=keys("Root", "Root"))),
        ("ignored malformed", finding(box, severity="high")),
        (
            "ignored refused:nomatch",
            finding(box, resource__instanceDetails={"instanceId": "i-0123456789abcdef0"}),
        ),
        (
            "ignored refused:protected",
            finding(
                box,
                resource__instanceDetails={"instanceId": box.instance("database-1")["InstanceId"]},
            ),
        ),
        ("ignored refused:protected", finding(box, resource=keys("AssumedRole", our_role(box)))),
        ("proposal", finding(box, severity=4)),
        ("proposal", finding(box, resource=keys("IAMUser", "dora"))),
    ]
    for _, event in events:
        invoke(box, event)
    box.idle()
    found = [f"{row['outcome']} {row['reason']}".strip() for row in accounts(box)]
    assert sorted(found) == sorted(name for name, _ in events)
    isolation, lock = sorted(box.runs(), key=lambda run: str(run["action"]))
    assert (isolation["action"], lock["action"]) == ("isolate", "lock_principal")
    assert lock["plan"]["targets"][0]["id"].endswith(":user/staff/dora")
    assert isolation["why"]["title"] == events[0][1]["detail"]["title"]
    posted = [one for one in box.messages() if "can't act on" in str(one.get("body"))]
    assert len(posted) == 5 and any("S3Bucket" in str(one) for one in posted)


def test_a_repeated_finding_is_one_case_and_told_once(box: Sandbox) -> None:
    case = finding(box)
    refused = finding(box, resource={"resourceType": "EKSCluster"})
    for count in (1, 2, 3):
        for event in (case, refused):
            again = renewed(event)
            again["detail"]["service"]["count"] = count
            invoke(box, again)
            box.idle()
    assert len(box.runs()) == 1
    assert heard_of(box) == 1
    assert [row[1:] for row in ends(box)].count(("ignored", "duplicate")) == 2


def heard_of(box: Sandbox) -> int:
    """How often Slack was told of what nothing can be done about."""
    return len([one for one in box.messages() if "can't act on" in str(one.get("body"))])


def test_what_nobody_heard_of_before_the_kill_is_told_when_it_is_redriven(box: Sandbox) -> None:
    """Redriven at once: the claim of who was killed is waited for."""
    event = finding(box, resource={"resourceType": "EKSCluster"})
    count = {"function": "events", "operation": "UpdateItem", "params": "notices#"}
    box.faults({**count, "kind": "kill"})
    invoke(box, event)
    box.idle()
    box.faults()
    (dead,) = [one for one in buried(box) if one["id"] == event["id"]]
    invoke(box, dead)
    box.idle()
    assert heard_of(box) == 1


def test_a_delivery_that_tells_slowly_is_waited_for(box: Sandbox) -> None:
    """Longer than its claim would last if it were not renewed."""
    event = finding(box, resource={"resourceType": "EKSCluster"})
    slow = {"function": "events", "operation": "UpdateItem", "params": "notices#", "times": 1}
    box.faults({**slow, "kind": "hang", "seconds": once.LEASE_SECONDS + 2})
    for _ in range(2):
        invoke(box, event)
    box.idle()
    assert heard_of(box) == 1
    assert {row[1] for row in ends(box)} == {"ignored"} and buried(box) == []
