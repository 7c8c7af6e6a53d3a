"""Records of every kind of principal and of every shape in which CloudTrail sends them."""

from collections import Counter

from tests.events_world import accounts, asking, buried, invoke, sample
from tests.product.proposal_world import posted
from tests.world import Json, Sandbox

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/desk/Admin"
STS = f"arn:aws:sts::{ACCOUNT}"


def session(issuer: Json) -> Json:
    attributes = {"creationDate": "2026-11-22T02:00:00Z", "mfaAuthenticated": "false"}
    return {"sessionIssuer": issuer, "webIdFederationData": {}, "attributes": attributes}


def tagged(box: Sandbox, name: str, identity: Json, **detail: Json) -> Json:
    """Somebody marks an instance as suspicious."""
    made = asking(sample(box, "created-tags", name, fresh=True), "suspicious")
    made["detail"] |= {"userIdentity": identity, **detail}
    return made


def identities(box: Sandbox) -> dict[str, tuple[Json, str]]:
    """By instance: who set the tag, and as whom they are told."""
    listed = box.ready["principal"]
    role = {"type": "Role", "principalId": "AROAX", "arn": ROLE, "userName": "Admin"}
    user = {"type": "IAMUser", "principalId": "AIDAX", "arn": listed, "userName": "lead"}
    root = f"arn:aws:iam::{ACCOUNT}:root"
    people = {"userId": "u", "identityStoreArn": f"arn:aws:identitystore::{ACCOUNT}:x/d-1"}
    return {
        "web-1": ({"type": "Root", "arn": root, "sessionContext": session({})}, root),
        "web-2": (
            {
                "type": "AssumedRole",
                "arn": f"{STS}:assumed-role/Admin/ann",
                "sessionContext": session(role),
            },
            ROLE,
        ),
        # Let in by a listed user, and yet nobody's choice.
        "web-3": (
            {
                "type": "FederatedUser",
                "arn": f"{STS}:federated-user/bob",
                "sessionContext": session(user),
            },
            f"{STS}:federated-user/bob",
        ),
        "web-4": (
            {"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"},
            "AWSService autoscaling.amazonaws.com",
        ),
        "api-1": (
            {"type": "AWSAccount", "principalId": "AIDAX", "accountId": "444455556666"},
            "AWSAccount 444455556666",
        ),
        "api-2": ({"type": "SAMLUser", "principalId": "x", "userName": "eve"}, "SAMLUser eve"),
        "batch-1": (
            {"type": "IdentityCenterUser", "accountId": ACCOUNT, "onBehalfOf": people},
            f"IdentityCenterUser {ACCOUNT}",
        ),
        "batch-2": ({"type": "Unknown", "principalId": ""}, "Unknown"),
    }


def test_who_is_not_listed_is_told_by_the_best_name_there_is(box: Sandbox) -> None:
    rows = identities(box)
    for name, (identity, _) in rows.items():
        invoke(box, tagged(box, name, identity, errorCode=None))
    box.idle()
    assert Counter(row["outcome"] for row in accounts(box)) == {"proposal": 8}
    told = {run["plan"]["targets"][0]["name"]: run["why"]["by"] for run in box.runs()}
    assert told == {name: called for name, (_, called) in rows.items()}
    assert not [one for one in posted(box) if "by  ·" in str(one)]


def test_a_listed_user_acts_from_the_console_and_through_a_service_too(box: Sandbox) -> None:
    user = {"type": "IAMUser", "arn": box.ready["principal"], "sessionContext": session({})}
    ways = {"batch-1": "signin.amazonaws.com", "batch-2": "cloudformation.amazonaws.com"}
    for name, service in ways.items():
        invoke(box, tagged(box, name, {**user, "invokedBy": service}, sourceIPAddress=service))
    box.idle()
    assert [run["proposed"] for run in box.runs()] == [False, False]


def test_what_cloudtrail_left_out_is_no_request_and_nothing_is_malformed(box: Sandbox) -> None:
    omitted = {"omitted": True, "originalSize": 104857, "reason": "too large"}
    launch = sample(box, "run-instances", "batch-2", fresh=True)
    launch["detail"]["responseElements"] = omitted
    tags = sample(box, "created-tags", fresh=True)
    tags["detail"]["requestParameters"] = omitted
    bare = sample(box, "run-instances", "batch-2", fresh=True)
    rows = [{"resourceType": "volume", "tags": []}, {"resourceType": "instance"}]
    bare["detail"]["requestParameters"]["tagSpecificationSet"] = {"items": rows}
    for event in (launch, tags, bare):
        invoke(box, event)
    box.idle()
    reasons = sorted(row["reason"] for row in accounts(box))
    assert reasons == ["left-out", "left-out", "no-request-tag"]
    assert box.runs() == [] and buried(box) == [] and box.messages() == []


def test_a_composite_alarm_is_told_with_what_cloudwatch_says_of_it(box: Sandbox) -> None:
    """It has a rule instead of metrics; one without a description has CloudWatch's own reason."""
    made = sample(box, "alarm", fresh=True)
    rule = {"alarmRule": "ALARM(a) OR ALARM(b)", "actionsSuppressor": "c"}
    made["detail"] |= {"alarmName": "toban-Both", "configuration": rule}
    made["detail"]["state"]["reason"] = "a went into ALARM"
    invoke(box, made)
    box.idle()
    assert [(row["route"], row["outcome"]) for row in accounts(box)] == [("alarm", "run")]
    (one,) = posted(box)
    assert "toban-Both: a went into ALARM" in str(one)
