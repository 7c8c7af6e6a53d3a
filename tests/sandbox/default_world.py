"""The default scenario in plain moto with the box's extensions: no servers, no functions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

from sandbox import ext
from sandbox.clock import CLOCK
from sandbox.delivery import hook as delivery_hook
from sandbox.runtime.calls import REGION
from sandbox.scene import scenario


class DefaultWorld:
    """Clients, instance ids by name, the events that services put, and a clock to wind on."""

    def __init__(self) -> None:
        self.events: list[tuple[Any, ...]] = []
        self.ec2, self.inspector, self.ssm = map(client, ("ec2", "inspector2", "ssm"))
        pages = self.ec2.get_paginator("describe_instances").paginate()
        rows = [row for page in pages for each in page["Reservations"] for row in each["Instances"]]
        self.ids = {self._name(row): row["InstanceId"] for row in rows}

    def _name(self, row: dict[str, Any]) -> str:
        return next(tag["Value"] for tag in row["Tags"] if tag["Key"] == "Name")

    def wait(self, seconds: float) -> None:
        CLOCK.arm(CLOCK.now() + timedelta(seconds=seconds))

    def cut_off(self, name: str) -> None:
        """Let nothing out of an instance any more, as isolation does."""
        mine = [{"Name": "attachment.instance-id", "Values": [self.ids[name]]}]
        for eni in self.ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"]:
            group = self._closed_group(eni["VpcId"], name)
            self.ec2.modify_network_interface_attribute(
                NetworkInterfaceId=eni["NetworkInterfaceId"], Groups=[group]
            )

    def _closed_group(self, vpc_id: str, name: str) -> str:
        wanted = [{"Name": "group-name", "Values": [f"closed-{name}"]}]
        if found := self.ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]:
            return str(found[0]["GroupId"])
        group = self.ec2.create_security_group(
            GroupName=f"closed-{name}", Description="closed", VpcId=vpc_id
        )["GroupId"]
        everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
        self.ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everything)
        return str(group)

    def findings(self, **criteria: Any) -> list[dict[str, Any]]:
        pages = self.inspector.get_paginator("list_findings").paginate(filterCriteria=criteria)
        return [row for page in pages for row in page["findings"]]

    def open_cves(self, name: str) -> set[str]:
        rows = self.findings(resourceId=[equals(self.ids[name])], findingStatus=[equals("ACTIVE")])
        details = [row.get("packageVulnerabilityDetails", {}) for row in rows]
        return {each["vulnerabilityId"] for each in details if each}


@lru_cache
def client(service: str) -> Any:
    """One client per service for all tests (making one takes longer than most tests).

    It checks no parameters, so that what is wrong with them must be found by the box.
    """
    unchecked = Config(parameter_validation=False)
    return boto3.client(service, region_name=REGION, config=unchecked)


def equals(value: str) -> dict[str, str]:
    """A string filter."""
    return {"comparison": "EQUALS", "value": value}


def tag(key: str, value: str) -> dict[str, str]:
    """A map filter."""
    return {"comparison": "EQUALS", "key": key, "value": value}


@contextmanager
def default_world(
    monkeypatch: pytest.MonkeyPatch, scale: dict[str, int] | None = None
) -> Iterator[DefaultWorld]:
    """The default scenario, made anew."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    ext.install()
    CLOCK.reset(real_time=False)
    with mock_aws():
        heard: list[tuple[Any, ...]] = []
        monkeypatch.setattr(delivery_hook, "LISTENERS", [lambda *event: heard.append(event)])
        # Flow logs have their own tests; three days of them would double the time of each here.
        quiet = {"talkers": 0, "attackers": []}
        scenario.load(client, scenario.read(None, scale) | {"traffic": quiet})
        assert not [event for event in heard if event[0] in ("aws.inspector2", "aws.ssm")]
        heard.clear()
        world = DefaultWorld()
        world.events = heard
        yield world
    CLOCK.reset(real_time=False)


def code_of(call: Any, **params: Any) -> str:
    """The error code that a call ends in."""
    with pytest.raises(ClientError) as raised:
        call(**params)
    return str(raised.value.response["Error"]["Code"])
