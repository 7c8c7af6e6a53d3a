"""The HTTP servers: a request that did not come whole never reaches the app."""

import re
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from sandbox.runtime.servers import Request, Response, Server

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"


class Counting:
    """An app that keeps what it gets."""

    def __init__(self) -> None:
        self.got: list[Request] = []

    def __call__(self, request: Request) -> Response:
        self.got.append(request)
        return Response(200, b"yes")


@pytest.fixture
def app() -> Counting:
    return Counting()


@pytest.fixture
def server(app: Counting) -> Iterator[Server]:
    server = Server(app, 0)
    server.start()
    yield server
    server.stop()


def told(server: Server, sent: bytes) -> bytes:
    """What comes back after the client has sent this and nothing more."""
    with socket.create_connection(server.server_address[:2], 5) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(4096), b""))


@pytest.mark.parametrize("part", [b"", b'{"TableNa'])
def test_a_client_that_goes_away_within_its_body_is_forgotten(
    server: Server, app: Counting, part: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    assert told(server, HEAD + b"Content-Length: 30\r\n\r\n" + part) == b""
    assert app.got == []
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("header", [b"Transfer-Encoding: chunked", b"Content-Length: many"])
def test_a_body_of_unknown_length_is_refused(server: Server, app: Counting, header: bytes) -> None:
    answer = told(server, HEAD + header + b"\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 411")
    assert answer.count(b"HTTP/1.1") == 1
    assert app.got == []


def test_a_whole_body_arrives(server: Server, app: Counting) -> None:
    assert told(server, HEAD + b"Content-Length: 3\r\n\r\nabc").endswith(b"yes")
    assert [request.body for request in app.got] == [b"abc"]


class Library:
    """Mixed into a handler: it reads requests as Python's own server does."""

    parse_request = BaseHTTPRequestHandler.parse_request


@pytest.fixture
def library() -> Iterator[Server]:
    """A server with the library's reader."""
    server = Server(Counting(), 0)
    handler: type = server.RequestHandlerClass
    server.RequestHandlerClass = type("Handler", (Library, handler), {})
    server.start()
    yield server
    server.stop()


END = b"Content-Length: 3\r\n\r\nabc"


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + END,
        HEAD + END + HEAD + END,
        HEAD + b"Connection: close\r\n" + END + HEAD + END,
        HEAD + b"CONNECTION: Keep-Alive\r\n" + END + HEAD + END,
        HEAD + b"Expect: 100-Continue\r\n" + END,
        HEAD + b"content-length: 1\r\n" + END,
        HEAD + b"X-One: first\r\nx-one:second \r\nX-One:\r\n" + END,
        HEAD + b"X: a:b\t \r\nY:  \xe4\x00\x85\r\n" + END,
        HEAD + b"Folded: a\r\n b\r\n\tc\r\n" + END,
        HEAD + b"Bare: a\rLength: 1\r\n" + END,
        HEAD + b"No colon\r\n" + END,
        HEAD + b"Spaced : a\r\n" + END,
        HEAD + b": nameless\r\n" + END,
        HEAD + b"From here: b\r\n" + END,
        HEAD + b"From nobody\r\n" + END,
        HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n" + END,
        HEAD.replace(b"\r\n", b"\n") + END.replace(b"\r\n", b"\n"),
        HEAD + b"Long: " + b"a" * 65528 + b"\r\n" + END,
        HEAD + b"Long: " + b"a" * 65529 + b"\r\n" + END,
        HEAD + b"Many: 1\r\n" * 97 + END,
        HEAD + b"Many: 1\r\n" * 98 + END,
        HEAD + b"Broken",
        HEAD,
        HEAD.replace(b" / ", b" //a//b?c=//d ") + END,
        HEAD.replace(b" / ", b" /a%20b?c=d&e ") + END,
        HEAD.replace(b" / ", b" http://x/a ") + END,
        HEAD.replace(b" / ", b" /\xc3\xa4 ") + END,
        HEAD.replace(b" / ", b"  /  ") + END,
        HEAD.replace(b" / ", b" /a b ") + END,
        HEAD.replace(b"POST", b"BREW") + END,
        HEAD.replace(b"POST", b"post") + END,
        HEAD.replace(b"1.1", b"1.0") + END + HEAD + END,
        HEAD.replace(b"1.1", b"2.0") + END,
        HEAD.replace(b"1.1", b"1.1.1") + END,
        b"GET /\r\n\r\n",
        b"POST /\r\n\r\n",
        b"\r\n\r\n",
    ],
)
def test_requests_are_read_as_the_library_reads_them(
    server: Server, app: Counting, library: Server, sent: bytes
) -> None:
    def undated(answer: bytes) -> bytes:
        return re.sub(rb"Date: .*", b"", answer)

    assert undated(told(server, sent)) == undated(told(library, sent))
    assert isinstance(library.app, Counting)
    assert app.got == library.app.got
