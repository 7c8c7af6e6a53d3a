"""ModifyInstanceMetadataOptions: only what is given changes; the change is pending for a moment.

The code for a request that changes nothing is a guess.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import InstanceResponse

from sandbox.network import metadata
from sandbox.network.ec2_xml import XmlAnswer

from .ec2_base import fail, find_instance, patch, require

_CHOICES = {
    "HttpTokens": ("http_tokens", {"optional", "required"}),
    "HttpEndpoint": ("http_endpoint", {"enabled", "disabled"}),
    "HttpProtocolIpv6": ("http_protocol_ipv6", {"enabled", "disabled"}),
    "InstanceMetadataTags": ("instance_metadata_tags", {"enabled", "disabled"}),
}
MAX_HOPS = 64


def _changes(self: Any) -> dict[str, Any]:
    """The options that the request names, by moto's attribute."""
    found: dict[str, Any] = {}
    for name, (attribute, choices) in _CHOICES.items():
        if (value := self._get_param(name)) is not None:
            if value not in choices:
                _invalid(name, value, f"Must be one of {', '.join(sorted(choices))}.")
            found[attribute] = value
    if (hops := self._get_param("HttpPutResponseHopLimit")) is not None:
        if not 1 <= int(hops) <= MAX_HOPS:
            _invalid("HttpPutResponseHopLimit", hops, f"Must be between 1 and {MAX_HOPS}.")
        found["http_put_response_hop_limit"] = int(hops)
    return found


def _invalid(name: str, value: Any, rule: str) -> None:
    wire = name[0].lower() + name[1:]
    fail("InvalidParameterValue", f"Value ({value}) for parameter {wire} is invalid. {rule}")


def modify_instance_metadata_options(self: Any) -> ActionResult:
    """Change the options that are given and keep the others."""
    instance = find_instance(self.ec2_backend, require(self, "InstanceId", "InstanceId"))
    changes = _changes(self)
    if not changes:
        text = "The request must contain at least one metadata option to modify"
        fail("MissingParameter", text)
    if instance.state not in ("pending", "running", "stopping", "stopped"):
        text = f"The instance '{instance.id}' is not in a state from which it can be modified."
        fail("IncorrectInstanceState", text)
    self.error_on_dryrun()
    for attribute, value in changes.items():
        setattr(instance.metadata_options, attribute, value)
    metadata.touch(instance)
    shown = metadata.view(instance)
    return XmlAnswer({"instanceId": instance.id, "instanceMetadataOptions": shown})


def install() -> None:
    """Put the strict operation in place of moto's."""
    patch(InstanceResponse, modify_instance_metadata_options=modify_instance_metadata_options)
