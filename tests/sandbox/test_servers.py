"""The HTTP servers: a request that did not come whole never reaches the app."""

import socket
from collections.abc import Iterator

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
