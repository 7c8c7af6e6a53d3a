"""Systems Manager: reach, patch states, Run Command, OpsItems, parameters (aws.md §2)."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from skill.aws.client import Service
from skill.errors import Conflict

PAGE = 50
PATCH = "AWS-RunPatchBaseline"
SHELL = "AWS-RunShellScript"
# Documented way to make the enhanced scanner report now (aws.md §1.1).
RESCAN = "/opt/aws/inspector/bin/inspector-vm-scanner sbom --send-results telemetry"
OPEN = ("Pending", "InProgress", "Delayed", "Cancelling")


def pages_of(ids: Sequence[str]) -> Iterator[list[str]]:
    """Ids in the lists of 50 that SSM's calls take."""
    for at in range(0, len(ids), PAGE):
        yield list(ids[at : at + PAGE])


class Ssm(Service):
    name = "ssm"

    def online(self, ids: Sequence[str]) -> dict[str, bool]:
        """At most 50 instances by id: whether the agent answers. One that is not listed is
        unmanaged.
        """
        wanted = [{"Key": "InstanceIds", "Values": list(ids)}]
        page = self.call("describe_instance_information", Filters=wanted, MaxResults=PAGE)
        return {
            row["InstanceId"]: row["PingStatus"] == "Online"
            for row in page["InstanceInformationList"]
        }

    def patch_states(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The last patch scan of at most 50 instances, by id."""
        page = self.call("describe_instance_patch_states", InstanceIds=list(ids), MaxResults=PAGE)
        return {row["InstanceId"]: row for row in page["InstancePatchStates"]}

    def open_patches(self, instance: str) -> list[dict[str, Any]]:
        """The patches of an instance that are not in, or not before a restart. AWS names their
        CVEs only while they are missing or failed.
        """
        states = [{"Key": "State", "Values": ["Missing", "Failed", "InstalledPendingReboot"]}]
        call = "describe_instance_patches"
        return list(self.pages(call, "Patches", InstanceId=instance, Filters=states))

    def send(self, document: str, ids: Sequence[str], token: str, **parameters: list[str]) -> str:
        """One command to at most 50 instances, a fifth at a time, giving up after a fifth
        failed.
        """
        answer = self.call(
            "send_command",
            DocumentName=document,
            InstanceIds=list(ids),
            Parameters=parameters,
            Comment=f"Toban {token}"[:100],
            TimeoutSeconds=600,
            MaxConcurrency="20%",
            MaxErrors="20%",
        )
        return str(answer["Command"]["CommandId"])

    def sent(self, token: str) -> list[str]:
        """Commands already sent under `token`, so that a repeated step sends nothing twice."""
        rows = self.pages("list_commands", "Commands")
        return [row["CommandId"] for row in rows if row.get("Comment") == f"Toban {token}"[:100]]

    def invocations(self, command: str) -> list[dict[str, Any]]:
        """What became of a command on each instance."""
        return list(
            self.pages(
                "list_command_invocations", "CommandInvocations", CommandId=command, Details=True
            )
        )

    def open_item(
        self, title: str, text: str, resources: Sequence[str], dedup: str, severity: str = ""
    ) -> str:
        """An OpsItem of a case; the one that is there if an open one has the same `dedup`.

        `severity` is "1" (critical) to "4".
        """
        arns = json.dumps([{"arn": arn} for arn in resources[:20]])
        data = {
            "/aws/resources": {"Type": "SearchableString", "Value": arns},
            "/aws/dedup": {"Type": "SearchableString", "Value": json.dumps({"dedupString": dedup})},
        }
        try:
            answer = self.call(
                "create_ops_item",
                Title=title[:1024],
                Description=text[:2048],
                Source="Toban",
                Category="Security",
                OperationalData=data,
                **({"Severity": severity} if severity else {}),
            )
        except Conflict as error:
            if error.facts["code"] != "OpsItemAlreadyExistsException":
                raise
            return str(getattr(error.__cause__, "response", {}).get("OpsItemId", ""))
        return str(answer["OpsItemId"])

    def change_item(
        self, item: str, title: str, status: str, text: str, runs: Sequence[str]
    ) -> None:
        """What has become of an OpsItem: Open, InProgress or Resolved. Raises Gone."""
        listed = {"Type": "SearchableString", "Value": ", ".join(runs) or "-"}
        self.call(
            "update_ops_item",
            OpsItemId=item,
            Title=title[:1024],
            Status=status,
            Description=text[:2048],
            OperationalData={"runs": listed},
        )

    def parameter(self, name: str) -> str:
        answer = self.call("get_parameter", Name=name, WithDecryption=True)
        return str(answer["Parameter"]["Value"])


def failure(invocation: dict[str, Any]) -> str:
    """Why an instance's invocation did not succeed, as SSM says it."""
    plugins = invocation.get("CommandPlugins", ())
    output = next((one["Output"] for one in plugins if one.get("Output")), "")
    last = next((line for line in reversed(output.splitlines()) if line.strip()), "")
    return last.strip()[:200] or str(invocation.get("StatusDetails") or invocation.get("Status"))
