"""The patches of each instance, and what Patch Manager's operations do to them.

Beside the members of PatchComplianceData a patch may say `failure` (why installing it fails) and
`reboot` (it is not in before a restart).
"""

from dataclasses import dataclass, field
from typing import Any

from moto.ssm.models import ssm_backends

from sandbox.systems import wire

Patch = dict[str, Any]
BASELINE = "pb-0c10e65780EXAMPLE0"
STATES = (
    "Installed",
    "InstalledOther",
    "InstalledPendingReboot",
    "InstalledRejected",
    "Missing",
    "NotApplicable",
    "Failed",
    "AvailableSecurityUpdate",
)
_BY_NAME = {state.upper(): state for state in STATES}
_OWN = ("failure", "reboot")


@dataclass
class Patched:
    """The patches of one instance and the last operation on them."""

    patches: list[Patch] = field(default_factory=list)
    operation: str = "Scan"
    started: float = 0.0
    ended: float = 0.0
    reboot_option: str | None = None
    last_no_reboot: float | None = None


def states(account: str, region: str) -> dict[str, Patched]:
    """The patch state of every instance that was ever scanned."""
    return ssm_backends[account][region].__dict__.setdefault("toban_patches", {})


def put(account: str, region: str, instance_id: str, rows: list[Patch], at: float) -> None:
    """Replace the patches of an instance, as a scan that ended at `at` would have found them."""
    patches = [read(row) for row in rows]
    states(account, region)[instance_id] = Patched(patches, started=at - 45, ended=at)


def read(row: Patch) -> Patch:
    """A patch as given, checked; raises ValueError. States may be written Missing or MISSING."""
    shape = wire.model("ssm").shape_for("PatchComplianceData")
    own = {name: row[name] for name in _OWN if name in row}
    plain = {"KBId": row.get("Title"), "Classification": "Security", "Severity": "Unspecified"}
    plain |= {"InstalledTime": 0.0} | {name: row[name] for name in row if name not in _OWN}
    state = state_name(str(plain.get("State", "Missing")))
    checked = wire.parse(shape, plain | {"State": "MISSING"}, "patch", closed=True)
    return checked | {"State": state} | own


def state_name(text: str) -> str:
    """The name of a state as the service answers it, from that or from the model's spelling."""
    name = _BY_NAME.get(text.replace("_", "").upper())
    if name is None:
        raise ValueError(f"'{text}' is no patch state: {', '.join(STATES)}")
    return name


def shown(patch: Patch) -> Patch:
    """A patch as DescribeInstancePatches answers it: CVE ids only while it is missing or failed."""
    hidden = {*_OWN} if patch["State"] in ("Missing", "Failed") else {*_OWN, "CVEIds"}
    return {name: value for name, value in patch.items() if name not in hidden}


def missing(state: Patched | None) -> list[Patch]:
    """The patches that an installation would try: missing ones and those that failed before."""
    return (
        [each for each in state.patches if each["State"] in ("Missing", "Failed")] if state else []
    )


def scan(account: str, region: str, instance_id: str, started: float, ended: float) -> None:
    """Note a scan; it finds what is there."""
    state = states(account, region).setdefault(instance_id, Patched())
    state.operation, state.started, state.ended = "Scan", started, ended


def install(
    account: str, region: str, instance_id: str, times: tuple[float, float], reboot_option: str
) -> tuple[list[Patch], list[Patch]]:
    """Install what is missing; returns what went in and what failed."""
    state = states(account, region).setdefault(instance_id, Patched())
    tried = missing(state)
    rebooted = reboot_option == "RebootIfNeeded" and any("failure" not in each for each in tried)
    state.patches = [_installed(each, each in tried, rebooted, times[1]) for each in state.patches]
    state.operation, state.reboot_option = "Install", reboot_option
    state.started, state.ended = times
    if reboot_option == "NoReboot":
        state.last_no_reboot = times[1]
    return (
        [each for each in tried if "failure" not in each],
        [each for each in tried if "failure" in each],
    )


def _installed(patch: Patch, tried: bool, rebooted: bool, at: float) -> Patch:
    if patch["State"] == "InstalledPendingReboot" and rebooted:
        return patch | {"State": "Installed"}
    if not tried:
        return patch
    if "failure" in patch:
        return patch | {"State": "Failed"}
    waits = patch.get("reboot", False) and not rebooted
    state = "InstalledPendingReboot" if waits else "Installed"
    return patch | {"State": state, "InstalledTime": at}


def fixed_cves(account: str, region: str, instance_id: str) -> set[str]:
    """The CVE ids that installed patches of an instance mend."""
    state = states(account, region).get(instance_id, Patched())
    done = [each for each in state.patches if each["State"] == "Installed"]
    open_ids = {cve for each in state.patches if each not in done for cve in cve_ids(each)}
    return {cve for each in done for cve in cve_ids(each)} - open_ids


def cve_ids(patch: Patch) -> list[str]:
    """The CVE ids of a patch."""
    return [cve for cve in patch.get("CVEIds", "").replace(" ", "").split(",") if cve]


def summary(instance_id: str, state: Patched) -> dict[str, Any]:
    """The row of DescribeInstancePatchStates."""
    counts = {
        f"{name}Count": sum(each["State"] == name for each in state.patches)
        for name in STATES
        if name != "NotApplicable"
    }
    open_ones = [each for each in state.patches if each["State"] in _NOT_COMPLIANT]
    critical = [each for each in open_ones if each["Severity"] == "Critical"]
    security = [each for each in open_ones if "Security" in each["Classification"]]
    row = {
        "InstanceId": instance_id,
        "PatchGroup": "",
        "BaselineId": BASELINE,
        "Operation": state.operation,
        "OperationStartTime": state.started,
        "OperationEndTime": state.ended,
        "NotApplicableCount": sum(each["State"] == "NotApplicable" for each in state.patches),
        "UnreportedNotApplicableCount": 0,
        "CriticalNonCompliantCount": len(critical),
        "SecurityNonCompliantCount": sum(each not in critical for each in security),
        "OtherNonCompliantCount": sum(each not in critical + security for each in open_ones),
        "RebootOption": state.reboot_option,
        "LastNoRebootInstallOperationTime": state.last_no_reboot,
    }
    return counts | {name: value for name, value in row.items() if value is not None}


_NOT_COMPLIANT = ("Missing", "Failed", "InstalledPendingReboot", "InstalledRejected")
