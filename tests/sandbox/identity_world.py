"""A box with users, roles and functions that can be locked, over real HTTP; made once for all."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.box import Box, Options
from tests.sandbox.core.client import aws, http

CODE = Path(__file__).parent / "core"
SCENARIO = Path(__file__).parents[1] / "scenarios" / "identities.json"
ACCOUNT = "123456789012"
LAMBDA = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/orders"
DENY_ALL = "arn:aws:iam::aws:policy/AWSDenyAll"


class IdentityWorld:
    """Clients of the principal and of others, and what tests ask again and again."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.iam, self.functions = self.client("iam"), self.client("lambda")

    def client(
        self, service: str, key: str = "AKIASOMEBODYUNKNOWN0", region: str = "us-east-1"
    ) -> Any:
        return aws(self.box.urls["aws"], service, key, region)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = http(method, f"{self.box.urls['control']}/{path}", body)
        assert status == 200, answer
        return answer

    def key(self, name: str, status: str = "Active") -> str:
        rows = self.iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
        return next(str(row["AccessKeyId"]) for row in rows if row["Status"] == status)

    def session(self, role: str, name: str = "somebody") -> str:
        arn = self.iam.get_role(RoleName=role)["Role"]["Arn"]
        made = self.client("sts").assume_role(RoleArn=arn, RoleSessionName=name)
        return str(made["Credentials"]["AccessKeyId"])

    def mapping(self) -> dict[str, Any]:
        (row,) = self.functions.list_event_source_mappings(FunctionName="orders")[
            "EventSourceMappings"
        ]
        return dict(row)


@contextmanager
def identity_world() -> Iterator[IdentityWorld]:
    box = Box(Options(scenario=SCENARIO, code=CODE))
    box.start()
    try:
        yield IdentityWorld(box)
    finally:
        box.stop()


def new_function(world: IdentityWorld, name: str) -> str:
    """Create a function with a version and an alias; its name, of what a name may have."""
    name = "".join(each for each in name if each.isalnum() or each == "_")[:60]
    world.functions.create_function(
        FunctionName=name,
        Role=ROLE,
        Runtime="python3.13",
        Handler="app.handler",
        Code={"ZipFile": b"code"},
        Publish=True,
    )
    world.functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    return name


def policy(effect: str = "Deny", action: Any = "*", **more: Any) -> str:
    statement = {"Effect": effect, "Action": action, "Resource": "*"} | more
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def refused(code: str, call: Callable[..., Any], **parameters: Any) -> str:
    """Assert the error code of a call; gives the message."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    return str(error["Message"])
