"""A box with users, roles and functions to lock, and what their tests ask of AWS."""

from typing import Any

from tests.world import Conversation, Json, Sandbox

SCENARIO = "tests/scenarios/locks.json"
DENY_ALL = "arn:aws:iam::aws:policy/AWSDenyAll"


def lock_box() -> Sandbox:
    """A started box; whoever starts it stops it."""
    return Sandbox(("--scenario", SCENARIO)).start()


def publish(box: Sandbox, arn: str, action: str = "lock") -> None:
    """A message to the lockdown topic, and all that comes of it."""
    given = {"Arn": arn, "ExternalId": box.ready["external_id"], "Action": action}
    box.aws("sns").publish(
        TopicArn=box.ready["lockdown_topic"],
        Message="lockdown",
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in given.items()
        },
    )
    box.idle()


def say(box: Sandbox, intent: str, **slots: str) -> Conversation:
    """Ask for a lock and agree to it, with proof of who speaks."""
    talk = box.talk()
    talk.intent(intent, **slots)
    assert talk.open, talk.speech
    talk.yes()
    talk.resume()
    box.idle()
    return talk


def last(box: Sandbox) -> Json:
    return box.runs()[-1]


def arn(box: Sandbox, service: str, resource: str) -> str:
    region = {"iam": "", "sts": ""}.get(service, box.ready["region"])
    return f"arn:aws:{service}:{region}:{box.ready['account']}:{resource}"


def refusals(box: Sandbox) -> list[str]:
    """What the audit topic heard of refused requests."""
    return [str(one) for one in box.messages() if "refused" in str(one.get("subject"))]


def principal(box: Sandbox, kind: str, name: str) -> Json:
    """All that IAM tells of what may be denied to a user or a role, and of a user's keys."""
    iam, who = box.aws("iam"), {f"{kind.title()}Name": name}
    found: Json = {
        "attached": _attached(iam, kind, who),
        "inline": _inline(iam, kind, who),
    }
    if kind == "user":
        rows = iam.list_access_keys(**who)["AccessKeyMetadata"]
        found["keys"] = {row["AccessKeyId"]: row["Status"] for row in rows}
    return found


def _attached(iam: Any, kind: str, who: dict[str, str]) -> list[str]:
    rows = getattr(iam, f"list_attached_{kind}_policies")(**who)["AttachedPolicies"]
    return sorted(row["PolicyArn"] for row in rows)


def _inline(iam: Any, kind: str, who: dict[str, str]) -> Json:
    """Name to document."""
    names = getattr(iam, f"list_{kind}_policies")(**who)["PolicyNames"]
    get = getattr(iam, f"get_{kind}_policy")
    return {name: get(**who, PolicyName=name)["PolicyDocument"] for name in sorted(names)}


def function(box: Sandbox, name: str) -> Json:
    """All that Lambda tells of whether a function can run, and its role."""
    there = box.aws("lambda")
    role = there.get_function_configuration(FunctionName=name)["Role"].rpartition("/")[2]
    provisioned = there.list_provisioned_concurrency_configs(FunctionName=name)
    mappings = there.list_event_source_mappings()["EventSourceMappings"]
    return {
        "reserved": there.get_function_concurrency(FunctionName=name).get(
            "ReservedConcurrentExecutions"
        ),
        "provisioned": {
            row["FunctionArn"]: row["RequestedProvisionedConcurrentExecutions"]
            for row in provisioned["ProvisionedConcurrencyConfigs"]
        },
        "mappings": {
            row["UUID"]: row["State"]
            for row in mappings
            if row["FunctionArn"].split(":")[6] == name
        },
        "role": principal(box, "role", role),
    }
