"""Snapshots of all volumes of an instance, and who has which snapshots.

A snapshot is pending for a modelled minute (AWS gives no figure; its progress is a guess too).
Guesses: the codes for an instance that is gone and for one without a volume to take.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import ElasticBlockStore

from sandbox.clock import CLOCK
from sandbox.network.ec2_views import View, stamp, tag_items
from sandbox.network.ec2_xml import XmlAnswer

from .ec2_base import SNAPSHOT, fail, find_instance, look_up, patch, require
from .ec2_describe import listing

PENDING_SECONDS = 60.0


def view(snapshot: Any) -> View:
    """A snapshot as CreateSnapshots and DescribeSnapshots show it."""
    begun = snapshot.__dict__.get("ext_begun", 0.0)
    share = min((CLOCK.now().timestamp() - begun) / PENDING_SECONDS, 1.0)
    return {
        "snapshotId": snapshot.id,
        "volumeId": snapshot.volume.id,
        "status": "completed" if share >= 1 else "pending",
        "startTime": stamp(snapshot.start_time),
        "progress": f"{int(share * 100)}%",
        "ownerId": snapshot.owner_id,
        "description": snapshot.description or "",
        "volumeSize": snapshot.volume.size,
        "encrypted": bool(snapshot.encrypted),
        "storageTier": snapshot.storage_tier,
        "tagSet": tag_items(snapshot.ec2_backend, snapshot.id) or None,
    }


def _taken(self: Any, instance: Any) -> list[str]:
    """The volumes of the instance that the request does not leave out."""
    spec = self._get_param("InstanceSpecification", {})
    volumes = {name: block.volume_id for name, block in instance.block_device_mapping.items()}
    left_out = set(spec.get("ExcludeDataVolumeIds", []))
    if strange := left_out - set(volumes.values()):
        text = f"The volume '{min(strange)}' is not attached to instance '{instance.id}'."
        fail("InvalidParameterValue", text)
    if str(spec.get("ExcludeBootVolume")).lower() == "true":
        left_out.add(volumes.get(instance.root_device_name, ""))
    return [value for value in volumes.values() if value not in left_out]


def create_snapshots(self: Any) -> ActionResult:
    """One snapshot for each volume of an instance, at one moment."""
    spec = require(self, "InstanceSpecification")
    if not spec.get("InstanceId"):
        fail("MissingParameter", "The request must contain the parameter instanceId")
    instance = find_instance(self.ec2_backend, spec["InstanceId"])
    if instance.state == "terminated":
        text = f"The instance '{instance.id}' is not in a state from which snapshots can be taken."
        fail("IncorrectInstanceState", text)
    volumes = _taken(self, instance)
    if not volumes:
        fail("InvalidParameterValue", f"Instance '{instance.id}' has no volumes to snapshot.")
    tags = self._parse_tag_specification("snapshot").get("snapshot", {})
    copying = self._get_param("CopyTagsFromSource") == "volume"
    self.error_on_dryrun()
    made = [_snapshot(self, value, tags, copying) for value in volumes]
    return XmlAnswer({"snapshotSet": [_begun(view(each)) for each in made]})


def _begun(shown: View) -> View:
    """CreateSnapshots says `state` where DescribeSnapshots says `status`."""
    return {"state" if name == "status" else name: value for name, value in shown.items()}


def _snapshot(self: Any, volume_id: str, tags: dict[str, str], copying: bool) -> Any:
    backend = self.ec2_backend
    made = backend.create_snapshot(volume_id, self._get_param("Description", ""))
    made.ext_begun = CLOCK.now().timestamp()
    made.add_tags((dict(backend.tags.get(volume_id) or {}) if copying else {}) | tags)
    return made


def describe_snapshots(self: Any) -> ActionResult:
    """All snapshots, those that the request names, or those of some owners."""
    backend = self.ec2_backend
    ids = self._get_param("SnapshotIds", [])
    found = look_up(SNAPSHOT, ids, backend.snapshots) if ids else list(backend.snapshots.values())
    if owners := self._get_param("OwnerIds", []):
        wanted = {backend.account_id if value == "self" else value for value in owners}
        found = [each for each in found if each.owner_id in wanted]
    shown, token = listing(self, found, view, ids="SnapshotIds")
    return XmlAnswer({"snapshotSet": shown, "nextToken": token})


def install() -> None:
    """Put the strict operations in place of moto's."""
    patch(
        ElasticBlockStore,
        create_snapshots=create_snapshots,
        describe_snapshots=describe_snapshots,
    )
