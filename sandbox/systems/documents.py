"""What the command documents do to an instance, and how long that takes in modelled time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.ssm.models import ssm_backends

from sandbox.systems import fleet, inventory, patches
from sandbox.systems.wire import Refusal

Params = dict[str, Any]
_REBOOT = 90


@dataclass(frozen=True)
class Outcome:
    """How a document ended on an instance."""

    code: int
    output: str
    error: str = ""


@dataclass(frozen=True)
class Document:
    """A command document: its step, what it accepts, how long it takes and what it does."""

    name: str
    plugin: str
    accepts: dict[str, tuple[str, ...]]
    required: tuple[str, ...]
    seconds: Callable[[str, str, str, Params], float]
    run: Callable[[str, str, str, Params, tuple[float, float]], Outcome]
    timeout: int = 3600


def find(backend: Any, name: str) -> Document:
    """The document of that name; raises InvalidDocument."""
    name = name.rsplit("/", 1)[-1]
    if name in _DOCUMENTS:
        return _DOCUMENTS[name]
    if name not in ssm_backends[backend.account_id][backend.region_name]._documents:
        raise Refusal("InvalidDocument", f"Document {name} does not exist in your account")
    return Document(name, "runCommand", {}, (), _shell_seconds, _run_shell)


def check(document: Document, given: dict[str, list[str]]) -> None:
    """Refuse parameters that the document does not take; raises InvalidParameters."""
    unknown = sorted(set(given) - set(document.accepts)) if document.accepts else []
    lacking = [name for name in document.required if not given.get(name)]
    if unknown or lacking:
        what = f"unknown {unknown}" if unknown else f"missing {lacking}"
        raise Refusal("InvalidParameters", f"Parameters of {document.name}: {what}")
    for name, values in given.items():
        choices = document.accepts.get(name, ())
        if choices and not set(values) <= set(choices):
            message = f"{name} must be one of {', '.join(choices)}, not {', '.join(values)}"
            raise Refusal("InvalidParameters", message)


def parameter(params: Params, name: str, default: str = "") -> str:
    """The value of a parameter as one text."""
    values = params.get("Parameters", {}).get(name)
    return "\n".join(values) if values else default


def _patch_seconds(account: str, region: str, instance_id: str, params: Params) -> float:
    base = 40 + fleet.spread(instance_id, 30)
    if parameter(params, "Operation") == "Scan":
        return base
    waiting = patches.missing(patches.states(account, region).get(instance_id))
    reboots = parameter(params, "RebootOption", "RebootIfNeeded") == "RebootIfNeeded"
    return base + 20 * len(waiting) + (_REBOOT if waiting and reboots else 0)


def _run_patches(
    account: str, region: str, instance_id: str, params: Params, times: tuple[float, float]
) -> Outcome:
    if parameter(params, "Operation") == "Scan":
        patches.scan(account, region, instance_id, *times)
        return Outcome(0, _report(account, region, instance_id, "Scan"))
    option = parameter(params, "RebootOption", "RebootIfNeeded")
    done, failed = patches.install(account, region, instance_id, times, option)
    if done:
        inventory.plan(account, region, instance_id, times[1])
    reasons = "\n".join(f"{each['Title']}: {each['failure']}" for each in failed)
    return Outcome(bool(failed), _report(account, region, instance_id, "Install"), reasons)


def _report(account: str, region: str, instance_id: str, operation: str) -> str:
    state = patches.states(account, region)[instance_id]
    row = patches.summary(instance_id, state)
    counts = ", ".join(f"{name}={row[name]}" for name in sorted(row) if name.endswith("Count"))
    return f"Patch {operation} on {instance_id} with baseline {patches.BASELINE}: {counts}"


def _rescans(params: Params) -> bool:
    return "inspector-vm-scanner" in parameter(params, "commands")


def _shell_seconds(account: str, region: str, instance_id: str, params: Params) -> float:
    base = 30 if _rescans(params) else 3
    return base + fleet.spread(instance_id, base)


def _run_shell(
    account: str, region: str, instance_id: str, params: Params, times: tuple[float, float]
) -> Outcome:
    if not _rescans(params):
        return Outcome(0, "")
    inventory.take(account, region, instance_id, times[1])
    return Outcome(0, "SBOM sent to Amazon Inspector\n")


_DOCUMENTS = {
    "AWS-RunPatchBaseline": Document(
        "AWS-RunPatchBaseline",
        "PatchLinux",
        {
            "Operation": ("Scan", "Install"),
            "RebootOption": ("RebootIfNeeded", "NoReboot"),
            "AssociationId": (),
            "SnapshotId": (),
            "InstallOverrideList": (),
            "BaselineOverride": (),
        },
        ("Operation",),
        _patch_seconds,
        _run_patches,
        timeout=7200,
    ),
    "AWS-RunShellScript": Document(
        "AWS-RunShellScript",
        "aws:runShellScript",
        {"commands": (), "workingDirectory": (), "executionTimeout": ()},
        ("commands",),
        _shell_seconds,
        _run_shell,
    ),
}
