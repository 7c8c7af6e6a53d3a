"""The metadata options of an instance: a change is pending for a moment (how long is a guess)."""

from typing import Any

from sandbox.clock import CLOCK

PENDING_SECONDS = 5.0


def state(instance: Any) -> str:
    """Whether the last change has reached the instance: pending or applied."""
    changed = instance.__dict__.get("ext_metadata_changed", 0.0)
    return "pending" if CLOCK.now().timestamp() < changed + PENDING_SECONDS else "applied"


def touch(instance: Any) -> None:
    """The options have changed just now."""
    instance.ext_metadata_changed = CLOCK.now().timestamp()


def view(instance: Any) -> dict[str, Any]:
    """The options as the wire shows them."""
    options = instance.metadata_options
    return {
        "state": state(instance),
        "httpTokens": options.http_tokens,
        "httpPutResponseHopLimit": options.http_put_response_hop_limit,
        "httpEndpoint": options.http_endpoint,
        "httpProtocolIpv6": options.http_protocol_ipv6,
        "instanceMetadataTags": options.instance_metadata_tags,
    }
