"""Objects: a body that is not what its checksum says is refused; every object is encrypted.

CRC32, SHA1, SHA256 and MD5 are checked; CRC32C and CRC64NVME are kept unchecked, since the standard
library has neither. Chunked uploads (`aws-chunked`) may bring theirs behind the body.
"""

import base64
import hashlib
import re
import zlib
from collections.abc import Callable
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeKey
from moto.s3.responses import S3Response

from sandbox.delivery.overrides import override

_done: set[type] = set()
_TRAILER = re.compile(rb"x-amz-checksum-(\w+):([A-Za-z0-9+/=]+)\r?\n?")
_SUMS: dict[str, Callable[[bytes], bytes]] = {
    "crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "sha1": lambda body: hashlib.sha1(body).digest(),  # noqa: S324 (what clients may send)
    "sha256": lambda body: hashlib.sha256(body).digest(),
}


class BadDigest(S3ClientError):
    """The body is not the one that was meant."""

    code = "BadDigest"


def _strict_put(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def put_object(self: Any) -> Any:
        body = self.body or b""
        for name, claimed in _claims(self):
            if name in _SUMS and base64.b64encode(_SUMS[name](body)).decode() != claimed:
                text = f"The {name.upper()} you specified did not match the calculated checksum."
                raise BadDigest(text)
        if md5 := self.headers.get("content-md5"):
            digest = hashlib.md5(body).digest()  # noqa: S324 (what clients may send)
            if base64.b64encode(digest).decode() != md5:
                raise BadDigest("The Content-MD5 you specified did not match what we received.")
        return original(self)

    return put_object


def _claims(self: Any) -> list[tuple[str, str]]:
    """Every checksum that came with a body: in a header, or behind a chunked body."""
    headers = [
        (str(name).lower().removeprefix("x-amz-checksum-"), str(value))
        for name, value in dict(self.headers).items()
        if str(name).lower().startswith("x-amz-checksum-")
    ]
    if "aws-chunked" not in self.headers.get("content-encoding", ""):
        return headers
    found = _TRAILER.findall(self.raw_body[-300:])
    return headers + [(name.decode(), value.decode()) for name, value in found]


def _encrypted(original: Callable[..., None]) -> Callable[..., None]:
    def create(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.encryption = self.encryption or "AES256"

    return create


def install() -> None:
    """Wrap moto's, once."""
    if S3Response in _done:
        return
    _done.add(S3Response)
    override(S3Response, "put_object", _strict_put(S3Response.put_object))
    override(FakeKey, "__init__", _encrypted(FakeKey.__init__))
