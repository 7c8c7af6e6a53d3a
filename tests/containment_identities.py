"""Users, roles and functions of every kind, and everything that AWS describes about them."""

import json
from dataclasses import dataclass
from typing import Any

from tests.containment_view import aws
from tests.product.lock_world import principal
from tests.world import Json, Sandbox

TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole"}
ALLOWED = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
# Ten, which is the quota of attached policies.
POLICIES = (
    "ReadOnlyAccess",
    "AmazonEC2FullAccess",
    "AmazonS3FullAccess",
    "AmazonSQSFullAccess",
    "AmazonSNSFullAccess",
    "AmazonDynamoDBFullAccess",
    "AWSLambda_FullAccess",
    "CloudWatchFullAccess",
    "AmazonRDSFullAccess",
    "IAMFullAccess",
)
PASSWORD = "Correct-Horse-7-Battery"  # noqa: S105 (of users that nobody can be)


@dataclass(frozen=True)
class Person:
    """A user. `keys` are access keys, True for an active one (two at most); `managed` and `inline`
    count its policies.
    """

    name: str
    path: str = "/"
    keys: tuple[bool, ...] = (True,)
    console: bool = False
    managed: int = 1
    inline: int = 0
    mfa: bool = False


@dataclass(frozen=True)
class Post:
    """A role; `service` may assume it."""

    name: str
    path: str = "/"
    managed: int = 1
    inline: int = 0
    service: str = "ec2.amazonaws.com"


@dataclass(frozen=True)
class Program:
    """A function. `role` is the role's name, "" for one of its own; `mappings` are queues that feed
    it, True where they are enabled; `provisioned` is what its alias `live` has.
    """

    name: str
    reserved: int | None = None
    mappings: tuple[bool, ...] = ()
    role: str = ""
    provisioned: int = 0


def make_user(box: Sandbox, one: Person) -> str:
    """The ARN."""
    iam, who = aws(box, "iam"), {"UserName": one.name}
    arn = str(iam.create_user(**who, Path=one.path)["User"]["Arn"])
    _allow(iam, "user", who, one)
    for is_active in one.keys:
        key = iam.create_access_key(**who)["AccessKey"]["AccessKeyId"]
        if not is_active:
            iam.update_access_key(**who, AccessKeyId=key, Status="Inactive")
    if one.console:
        iam.create_login_profile(**who, Password=PASSWORD)
    if one.mfa:
        made = iam.create_virtual_mfa_device(VirtualMFADeviceName=one.name)["VirtualMFADevice"]
        codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
        iam.enable_mfa_device(**who, SerialNumber=made["SerialNumber"], **codes)
    return arn


def make_role(box: Sandbox, one: Post) -> str:
    """The ARN."""
    iam, who = aws(box, "iam"), {"RoleName": one.name}
    trust = _document(TRUST | {"Principal": {"Service": one.service}})
    made = iam.create_role(**who, Path=one.path, AssumeRolePolicyDocument=trust)
    _allow(iam, "role", who, one)
    return str(made["Role"]["Arn"])


def _document(statement: Json) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _allow(iam: Any, kind: str, who: Json, one: Person | Post) -> None:
    for name in POLICIES[: one.managed]:
        getattr(iam, f"attach_{kind}_policy")(**who, PolicyArn=f"arn:aws:iam::aws:policy/{name}")
    for number in range(one.inline):
        put = getattr(iam, f"put_{kind}_policy")
        put(**who, PolicyName=f"own-{number}", PolicyDocument=_document(ALLOWED))


def make_function(box: Sandbox, one: Program) -> str:
    """The ARN. Its mappings are switched when the box is idle."""
    api, name = aws(box, "lambda"), {"FunctionName": one.name}
    if not one.role:
        make_role(box, Post(f"{one.name}-role", service="lambda.amazonaws.com"))
    role = aws(box, "iam").get_role(RoleName=one.role or f"{one.name}-role")["Role"]["Arn"]
    made = api.create_function(
        **name, Role=role, Runtime="python3.13", Handler="app.handler", Code={"ZipFile": b"code"}
    )
    if one.reserved is not None:
        api.put_function_concurrency(**name, ReservedConcurrentExecutions=one.reserved)
    if one.provisioned:
        version = api.publish_version(**name)["Version"]
        api.create_alias(**name, Name="live", FunctionVersion=version)
        wanted = {"Qualifier": "live", "ProvisionedConcurrentExecutions": one.provisioned}
        api.put_provisioned_concurrency_config(**name, **wanted)
    for number, is_enabled in enumerate(one.mappings):
        feed(box, one.name, f"{one.name}-{number}", is_enabled)
    return str(made["FunctionArn"])


def feed(box: Sandbox, function: str, queue: str, is_enabled: bool = True) -> str:
    """The UUID of a new mapping from a new queue."""
    sqs = aws(box, "sqs")
    url = sqs.create_queue(QueueName=queue)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    made = aws(box, "lambda").create_event_source_mapping(
        EventSourceArn=found["QueueArn"], FunctionName=function, Enabled=is_enabled
    )
    return str(made["UUID"])


def identity(box: Sandbox, arn: str) -> Json:
    """Everything that AWS describes about a user, a role or a function by its ARN. Left out is when
    it was changed last.
    """
    service, kind = arn.split(":")[2], arn.split(":")[5].split("/")[0]
    if service == "lambda":
        return _function(box, arn.split(":")[6])
    name = arn.rpartition("/")[2]
    return principal(box, kind, name) | (_user if kind == "user" else _role)(box, name)


def _user(box: Sandbox, name: str) -> Json:
    iam, who = aws(box, "iam"), {"UserName": name}
    try:
        login = iam.get_login_profile(**who)["LoginProfile"]
    except iam.exceptions.NoSuchEntityException:
        login = None
    return {
        "user": iam.get_user(**who)["User"],
        "devices": iam.list_mfa_devices(**who)["MFADevices"],
        "login": login,
    }


def _role(box: Sandbox, name: str) -> Json:
    role = dict(aws(box, "iam").get_role(RoleName=name)["Role"])
    role.pop("RoleLastUsed", None)
    return {"role": role}


def _function(box: Sandbox, name: str) -> Json:
    api, named = aws(box, "lambda"), {"FunctionName": name}
    shown = api.get_function_configuration(**named)
    role = str(shown["Role"]).rpartition("/")[2]
    rows = api.list_event_source_mappings(**named)["EventSourceMappings"]
    ready = api.list_provisioned_concurrency_configs(**named)["ProvisionedConcurrencyConfigs"]
    # A token for updates, new with each; and the answer's own heading.
    for each in ("ResponseMetadata", "RevisionId"):
        shown.pop(each, None)
    return {
        "function": shown,
        "reserved": api.get_function_concurrency(**named).get("ReservedConcurrentExecutions"),
        "provisioned": [_timeless(row) for row in ready],
        "mappings": {row["UUID"]: _timeless(row) for row in rows},
        "role": principal(box, "role", role) | _role(box, role),
    }


def _timeless(row: Json) -> Json:
    return {key: value for key, value in row.items() if key != "LastModified"}
