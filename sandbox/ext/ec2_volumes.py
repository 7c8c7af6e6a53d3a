"""Volumes: described with their attachments, and attached only where they can be."""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.instances import Instance
from moto.ec2.responses import ElasticBlockStore

from sandbox.network.ec2_views import View, stamp, tag_items
from sandbox.network.ec2_xml import XmlAnswer

from .ec2_base import VOLUME, fail, find_instance, look_up, patch, require
from .ec2_describe import listing

ROOT_SIZE = 8
_PATHS = {
    f"attachment.{name}": f"attachmentSet.{wire}"
    for name, wire in {
        "attach-time": "attachTime",
        "delete-on-termination": "deleteOnTermination",
        "device": "device",
        "instance-id": "instanceId",
        "status": "status",
    }.items()
}
_done: set[type] = set()


def view(volume: Any) -> View:
    """A volume as DescribeVolumes shows it."""
    return {
        "volumeId": volume.id,
        "size": volume.size,
        "snapshotId": volume.snapshot_id or "",
        "availabilityZone": volume.availability_zone,
        "status": volume.status,
        "createTime": stamp(volume.create_time),
        "attachmentSet": [_attachment(each) for each in volume.attachments],
        "tagSet": tag_items(volume.ec2_backend, volume.id) or None,
        "volumeType": volume.volume_type,
        "iops": volume.iops,
        "throughput": volume.throughput,
        "encrypted": bool(volume.encrypted),
        "kmsKeyId": volume.kms_key_id,
        "multiAttachEnabled": bool(volume.multi_attach_enabled),
    }


def _attachment(link: Any) -> View:
    block = link.instance.block_device_mapping.get(link.device)
    return {
        "volumeId": link.volume.id,
        "instanceId": link.instance.id,
        "device": link.device,
        "status": link.status,
        "attachTime": stamp(link.attach_time),
        "deleteOnTermination": bool(block and block.delete_on_termination),
    }


def describe_volumes(self: Any) -> ActionResult:
    """All volumes, or those that the request names."""
    known = self.ec2_backend.volumes
    ids = self._get_param("VolumeIds", [])
    found = look_up(VOLUME, ids, known) if ids else list(known.values())
    shown, token = listing(self, found, view, _PATHS, "VolumeIds")
    return XmlAnswer({"volumeSet": shown, "nextToken": token})


def _strict_attach(original: Callable[[Any], ActionResult]) -> Callable[[Any], ActionResult]:
    def attach_volume(self: Any) -> ActionResult:
        """A free volume, a free device and one zone."""
        volume = look_up(VOLUME, [require(self, "VolumeId")], self.ec2_backend.volumes)[0]
        instance = find_instance(self.ec2_backend, require(self, "InstanceId"))
        device = require(self, "Device")
        if volume.attachment:
            fail("VolumeInUse", f"{volume.id} is already attached to an instance")
        if device in instance.block_device_mapping:
            text = f"Invalid value '{device}' for unixDevice. Attachment point {device} is already"
            fail("InvalidParameterValue", f"{text} in use")
        if volume.availability_zone != instance.placement.zone:
            text = f"The volume '{volume.id}' is not in the same availability zone as instance"
            fail("InvalidVolume.ZoneMismatch", f"{text} '{instance.id}'")
        return original(self)

    return attach_volume


def with_root(backend: Any, params: dict[str, Any]) -> None:
    """Complete the device mappings of a launch: the image's root volume is always there."""
    listed = params.get("BlockDeviceMappings")
    image = backend.amis.get(params.get("ImageId"))
    root = image.root_device_name if image else "/dev/sda1"
    if not listed:
        return
    own = next((each for each in listed if each.get("DeviceName") == root), None)
    if own is None:
        own = {"DeviceName": root, "Ebs": {"VolumeSize": ROOT_SIZE}}
        params["BlockDeviceMappings"] = [own, *listed]
    own.setdefault("Ebs", {}).setdefault("DeleteOnTermination", True)


def _root_alone(self: Instance) -> None:
    """The root volume of a launch without mappings, where the image says that it is."""
    volume = self.ec2_backend.create_volume(size=ROOT_SIZE, zone_name=self.placement.zone)
    self.ec2_backend.attach_volume(volume.id, self.id, self.root_device_name, True)


def install() -> None:
    """Put the strict operations in place of moto's."""
    if ElasticBlockStore in _done:
        return
    _done.add(ElasticBlockStore)
    patch(
        ElasticBlockStore,
        attach_volume=_strict_attach(ElasticBlockStore.attach_volume),
        describe_volumes=describe_volumes,
    )
    patch(Instance, setup_defaults=_root_alone)
