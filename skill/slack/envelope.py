"""A request to the function's URL, believed only if Slack signed it within the last minutes."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.signature import SignatureVerifier

from skill.errors import Refused

FORM = "application/x-www-form-urlencoded"
LONGEST = 256 * 1024
SECONDS = 300


class Unwelcome(Refused):
    """A request that is not from Slack, or not one that it may send; `status` is its answer."""

    @property
    def status(self) -> int:
        return int(self.facts["status"])


@dataclass(frozen=True)
class Envelope:
    """What came over the wire. `signature` tells one request from another."""

    body: bytes
    signature: str


def opened(event: Any, secret: str) -> Envelope:
    """The request in a function URL's event. Raises Unwelcome."""
    headers, body = _headers(event), _body(event)
    signature, stamp = (headers.get(f"x-slack-{name}", "") for name in _SIGNED)
    if not signature or not stamp:
        raise Unwelcome(reason="unsigned", status=401)
    if not _is_signed(secret, stamp, body, signature):
        raise Unwelcome(reason="forged", status=401)
    if abs(time.time() - int(stamp)) > SECONDS:
        raise Unwelcome(reason="stale", status=401)
    if headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Unwelcome(reason="content_type", status=415)
    return Envelope(body, hashlib.sha256(signature.encode()).hexdigest())


_SIGNED = ("signature", "request-timestamp")


def _headers(event: Any) -> Mapping[str, str]:
    """Lambda gives them in lower case; nobody else shall be able to send two of one."""
    context = event.get("requestContext") if isinstance(event, dict) else None
    http = context.get("http") if isinstance(context, dict) else None
    method = http.get("method") if isinstance(http, dict) else None
    given = event.get("headers") if isinstance(event, dict) else None
    if not method or not isinstance(given, dict):
        raise Unwelcome(reason="malformed", status=400)
    if method != "POST":
        raise Unwelcome(reason="method", status=405)
    return {str(name).lower(): str(value) for name, value in given.items()}


def _body(event: Mapping[str, Any]) -> bytes:
    """The bytes that were signed. A form comes in base64 as a rule."""
    body = event.get("body") or ""
    if not isinstance(body, str):
        raise Unwelcome(reason="malformed", status=400)
    if len(body) > LONGEST * 4 // 3:
        raise Unwelcome(reason="too_large", status=413)
    try:
        found = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else b""
    except (binascii.Error, ValueError) as error:
        raise Unwelcome(reason="malformed", status=400) from error
    found = found or body.encode(errors="replace")
    if len(found) > LONGEST:
        raise Unwelcome(reason="too_large", status=413)
    return found


def _is_signed(secret: str, stamp: str, body: bytes, signature: str) -> bool:
    """Whether it is Slack's signature; the stamp is a plain number, as it was signed."""
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12 and secret.strip()):
        return False
    try:
        made = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    except UnicodeDecodeError:
        return False
    return made is not None and hmac.compare_digest(made.encode(), signature.encode())
