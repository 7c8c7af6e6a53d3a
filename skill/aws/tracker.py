"""Another ticket tracker: a webhook that gets what becomes of tickets, as signed JSON."""

import hashlib
import hmac
import http.client
import json
import re
import time
import urllib.error
import urllib.request
from typing import Any

from skill.aws.client import Clients
from skill.aws.secrets import Secrets
from skill.errors import BadRequest, Throttled, TobanError, Unavailable

SECONDS = 5
TOO_MANY = 429
# Plain HTTP never leaves this machine: so a stand-in can be spoken to.
_ALLOWED = re.compile(r"https://|http://127\.0\.0\.1[:/]")


class Tracker:
    """The secret holds {"url", "key"}; without one there is no tracker."""

    def __init__(self, clients: Clients, secret: str) -> None:
        self._secrets = Secrets(clients)
        self._secret = secret

    @property
    def on(self) -> bool:
        return bool(self._secret)

    def post(self, doc: dict[str, Any]) -> str:
        """Send one document, once. Raises Throttled with `after`, Unavailable, or BadRequest where
        the secret is not what it should be.
        """
        try:
            held = json.loads(self._secrets.value(self._secret))
            url, key = str(held["url"]), str(held["key"])
        except (ValueError, KeyError, TypeError) as error:
            raise BadRequest(operation="post", service="tracker", what="secret") from error
        if not _ALLOWED.match(url) or not key:
            raise BadRequest(operation="post", service="tracker", what="secret")
        return _send(url, key, json.dumps(doc, ensure_ascii=False).encode())


def _send(url: str, key: str, body: bytes) -> str:
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Toban-Timestamp": stamp,
        "X-Toban-Signature": signature(key, stamp, body),
    }
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310 - checked
    try:
        with _OPENER.open(request, timeout=SECONDS):
            return "sent"
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error) from None
    except (OSError, http.client.HTTPException, ValueError):  # the URL may hold a secret
        raise Unavailable(operation="post", service="tracker") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """What is signed goes where the deployer said, and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def _refusal(error: urllib.error.HTTPError) -> TobanError:
    facts = {"operation": "post", "service": "tracker", "code": str(error.code)}
    if error.code != TOO_MANY:
        return Unavailable(**facts)
    after = error.headers.get("Retry-After", "")
    return Throttled(**facts, after=int(after) if after.isdecimal() else 1)


def signature(key: str, stamp: str, body: bytes) -> str:
    """v1=HMAC-SHA256 over `<timestamp>.<body>`, in hexadecimal."""
    signed = stamp.encode() + b"." + body
    return "v1=" + hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
