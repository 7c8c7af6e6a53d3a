"""Reading the box's AWS as its owner does, for the checks of the stories."""

import time
from dataclasses import dataclass, field
from typing import Any

import boto3

from sandbox.alexa import words

_LOOKS = 50


@dataclass
class Scene:
    """The box that a story plays in, what was heard last, and what checks noted for later ones."""

    box: Any
    said: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    _clients: dict[str, Any] = field(default_factory=dict)

    def aws(self, service: str) -> Any:
        """An ordinary AWS client pointed at the box: it acts as the principal."""
        if service not in self._clients:
            self._clients[service] = _client(service, self.box.ready())
        return self._clients[service]


def _client(service: str, ready: dict[str, Any]) -> Any:
    return boto3.client(
        service,
        region_name=ready["region"],
        endpoint_url=ready["aws"],
        aws_access_key_id="anybody",
        aws_secret_access_key="sandbox",  # noqa: S106 (nothing is secret in the box)
    )


def members_of(scene: Scene, group: str) -> list[dict[str, Any]]:
    """The running instances whose group tag has this value."""
    return _described(scene, {"Name": "tag:Role", "Values": [group]})


def instance_of(scene: Scene, name: str) -> dict[str, Any]:
    """The one running instance with this Name tag."""
    (one,) = _described(scene, {"Name": "tag:Name", "Values": [name]})
    return one


def _described(scene: Scene, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    running = {"Name": "instance-state-name", "Values": ["running"]}
    pages = scene.aws("ec2").get_paginator("describe_instances").paginate(Filters=[wanted, running])
    return [one for page in pages for row in page["Reservations"] for one in row["Instances"]]


def instance_id(scene: Scene, name: str) -> str:
    """The id of the instance with this Name tag."""
    return str(instance_of(scene, name)["InstanceId"])


def tag_of(one: dict[str, Any], key: str) -> str:
    """The value of an instance's tag, empty if it has none."""
    return next((tag["Value"] for tag in one.get("Tags", []) if tag["Key"] == key), "")


def findings_of(scene: Scene, severity: str = "", group: str = "") -> list[dict[str, Any]]:
    """The open findings, of one severity or of one group's instances if so asked."""
    is_ = {"comparison": "EQUALS"}
    wanted: dict[str, Any] = {"findingStatus": [{**is_, "value": "ACTIVE"}]}
    if severity:
        wanted["severity"] = [{**is_, "value": severity}]
    pages = scene.aws("inspector2").get_paginator("list_findings").paginate(filterCriteria=wanted)
    found = [finding for page in pages for finding in page["findings"]]
    members = {one["InstanceId"] for one in members_of(scene, group)} if group else set()
    return [f for f in found if not group or f["resources"][0]["id"] in members]


def fixable(finding: dict[str, Any]) -> bool:
    """Whether a package of the operating system has a fix for it."""
    packages = finding.get("packageVulnerabilityDetails", {}).get("vulnerablePackages", [])
    system = any(package.get("packageManager") == "OS" for package in packages)
    return system and finding.get("fixAvailable") == "YES"


def patched_instances(scene: Scene) -> set[str]:
    """The instances on which an Install of the patch baseline succeeded."""
    ssm = scene.aws("ssm")
    commands = ssm.list_commands()["Commands"]
    installs = [
        command["CommandId"]
        for command in commands
        if command["DocumentName"] == "AWS-RunPatchBaseline"
        and command["Parameters"].get("Operation") == ["Install"]
    ]
    pages = ssm.get_paginator("list_command_invocations")
    rows = [
        row
        for command in installs
        for page in pages.paginate(CommandId=command)
        for row in page["CommandInvocations"]
    ]
    return {row["InstanceId"] for row in rows if row["Status"] == "Success"}


def groups_of(scene: Scene, instance: str) -> dict[str, list[str]]:
    """Interface id to its groups, in their order."""
    attached = {
        "Name": "attachment.instance-id",
        "Values": [instance_of(scene, instance)["InstanceId"]],
    }
    found = scene.aws("ec2").describe_network_interfaces(Filters=[attached])["NetworkInterfaces"]
    return {
        eni["NetworkInterfaceId"]: [group["GroupId"] for group in eni["Groups"]] for eni in found
    }


def acl_rules(scene: Scene, instance: str) -> set[tuple[Any, ...]]:
    """Every rule of the network ACLs of the instance's subnets."""
    subnets = {eni["SubnetId"] for eni in instance_of(scene, instance)["NetworkInterfaces"]}
    wanted = [{"Name": "association.subnet-id", "Values": sorted(subnets)}]
    found = scene.aws("ec2").describe_network_acls(Filters=wanted)["NetworkAcls"]
    return {
        (
            acl["NetworkAclId"],
            entry["RuleNumber"],
            entry["RuleAction"],
            entry.get("CidrBlock") or entry.get("Ipv6CidrBlock"),
            entry["Egress"],
        )
        for acl in found
        for entry in acl["Entries"]
    }


def was_said(scene: Scene, number: int) -> bool:
    """Whether the number was said, in digits or words; nothing may stand for zero."""
    spoken = words.tokens(words.clean(scene.said["speech"]))
    numbers = {words.number_of(token) for token in spoken}
    return number in numbers or (number == 0 and bool({"no", "none"} & {t.word for t in spoken}))


def plain(text: str) -> str:
    """The text as it compares: "batch-3" and "batch three" are the same."""
    return " ".join(token.word for token in words.tokens(words.clean(text)))


def loudest_source(scene: Scene, instance: str) -> str:
    """The address whose flows to the instance were rejected most often, in three days."""
    interfaces = ", ".join(f'"{interface}"' for interface in groups_of(scene, instance))
    query = (
        f'filter interfaceId in [{interfaces}] and action = "REJECT" '
        "| stats count(*) as flows by srcAddr | sort flows desc | limit 1"
    )
    now, group = int(time.time()), scene.aws("ec2").describe_flow_logs()["FlowLogs"][0]
    logs = scene.aws("logs")
    asked = logs.start_query(
        logGroupName=group["LogGroupName"],
        startTime=now - 72 * 3600,
        endTime=now + 3600,
        queryString=query,
    )
    for _ in range(_LOOKS):
        answer = logs.get_query_results(queryId=asked["queryId"])
        if answer["status"] not in ("Scheduled", "Running"):
            break
        time.sleep(0.2)
    cells = {cell["field"]: cell["value"] for cell in answer["results"][0]}
    return str(cells["srcAddr"])
