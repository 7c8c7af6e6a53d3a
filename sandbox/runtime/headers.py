"""The head of a request, read quickly.

The library's reader of headers is that of e-mails, where one may be folded, decoded, and told apart
from a body: that took a tenth of the time of an AWS call.
"""

import re
from collections.abc import Iterator
from email.parser import Parser
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage, LineTooLong
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase

LONGEST, MOST = 65536, 100
"""Bytes of a line, and lines: as many as the library takes."""
_ENDS = (b"\r\n", b"\n", b"")
_REQUEST = re.compile(rb"([A-Z]+) (/(?!/)[!-~]*) HTTP/1\.1\r\n")
_HEADER = re.compile(rb"([!-9;-~]+):[ \t]*([^\r\n]*)\r?\n")


class Headers:
    """What a request's headers are asked for; names in any case."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs
        self._first = {name.lower(): value for name, value in reversed(pairs)}

    def get(self, name: str, otherwise: str | None = None) -> str | None:
        """The first value of that name."""
        return self._first.get(name.lower(), otherwise)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._first

    def items(self) -> Iterator[tuple[str, str]]:
        """Every name and value, as they came."""
        return iter(self._pairs)


def read(file: BufferedIOBase) -> Headers | HTTPMessage:
    """The headers that come next; HTTPException if there are too many, or one is too long."""
    lines = _lines(file)
    found = [each.groups() for line in lines[:-1] if (each := _HEADER.fullmatch(line))]
    if len(found) == len(lines) - 1:
        return Headers([(name.decode(), value.decode("iso-8859-1")) for name, value in found])
    return Parser(HTTPMessage).parsestr(b"".join(lines).decode("iso-8859-1"))


def _lines(file: BufferedIOBase) -> list[bytes]:
    """As the library's: up to the empty line, which is the last one."""
    lines: list[bytes] = []
    while not lines or lines[-1] not in _ENDS:
        lines.append(file.readline(LONGEST + 1))
        if len(lines[-1]) > LONGEST:
            raise LineTooLong("header line")
        if len(lines) > MOST:
            raise HTTPException(f"got more than {MOST} headers")
    return lines


class Handler(BaseHTTPRequestHandler):
    """Reads HTTP/1.1 as its clients speak it; whatever looks otherwise is for the library."""

    raw_requestline: bytes

    def parse_request(self) -> bool:
        """Whether there is a request to serve; if not, it has been answered."""
        plain = _REQUEST.fullmatch(self.raw_requestline)
        if not plain:
            return super().parse_request()
        self.requestline = self.raw_requestline.decode().rstrip("\r\n")
        self.command, self.path = plain[1].decode(), plain[2].decode()
        self.request_version, self.close_connection = "HTTP/1.1", False
        try:
            self.headers = found = read(self.rfile)  # type: ignore[assignment]
        except HTTPException as error:
            why = "Line too long" if isinstance(error, LineTooLong) else "Too many headers"
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, why, str(error))
            return False
        self.close_connection = str(found.get("Connection")).lower() == "close"
        return str(found.get("Expect")).lower() != "100-continue" or self.handle_expect_100()
