"""What the console of an instance shows: its serial output, and a picture of its screen.

Guesses: the texts, that an instance that does not run has no screen, and the code for a bare
metal machine, which has none either.
"""

import base64
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.responses import InstanceResponse
from moto.ec2.responses.general import General

from sandbox.network.ec2_views import stamp
from sandbox.network.ec2_xml import XmlAnswer

from .ec2_base import fail, find_instance, patch, require
from .ec2_interfaces import is_nitro

_LINUX = """\
[    0.000000] Linux version 6.1.0 (build@example) #1 SMP PREEMPT_DYNAMIC
[    0.000000] Command line: root={root} console=tty0 console=ttyS0,115200n8
[    1.204113] systemd[1]: Detected virtualization amazon.
[    3.981204] cloud-init[1422]: Cloud-init finished, instance {instance}
{host} login:
"""
_WINDOWS = """\
Windows is Ready to use
<InstanceId>{instance}</InstanceId>
"""
SCREEN = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqM"
    "yP/L2u71////m8H////6/+b9//j/wAALCAAQABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAA"
    "AAAAAAAAAAAA/9oACAEBAAA/AJgD/9k="
)
"""A JPEG of a dark screen, 16 by 16 pixels."""


def _named(self: Any) -> Any:
    return find_instance(self.ec2_backend, require(self, "InstanceId", "InstanceId"))


def get_console_output(self: Any) -> ActionResult:
    """What the machine wrote while it started; `Latest` is for Nitro machines only."""
    instance = _named(self)
    if self._get_param("Latest") and not is_nitro(instance.instance_type):
        text = "This instance type does not support retrieving the latest console logs."
        fail("UnsupportedOperation", text)
    self.error_on_dryrun()
    form = _WINDOWS if instance.platform == "windows" else _LINUX
    text = form.format(
        instance=instance.id, root=instance.root_device_name, host=instance.id.replace("-", "")
    )
    output = base64.b64encode(text.encode()).decode()
    shown = {"instanceId": instance.id, "timestamp": stamp(utcnow()), "output": output}
    return XmlAnswer(shown)


def get_console_screenshot(self: Any) -> ActionResult:
    """A picture of the screen of a running virtual machine."""
    instance = _named(self)
    kind = instance.instance_type
    if kind.split(".")[-1].startswith("metal") or INSTANCE_TYPES.get(kind, {}).get("BareMetal"):
        text = f"The instance type {kind} does not support console screenshots."
        fail("UnsupportedOperation", text)
    if instance.state != "running":
        text = f"The instance '{instance.id}' is not in the 'running' state."
        fail("IncorrectInstanceState", text)
    self.error_on_dryrun()
    return XmlAnswer({"instanceId": instance.id, "imageData": SCREEN})


def install() -> None:
    """Put the operations in place of moto's; moto has no screenshots."""
    patch(General, get_console_output=get_console_output)
    InstanceResponse.get_console_screenshot = get_console_screenshot  # type: ignore[attr-defined]
