"""Plain HTTP/1.1 servers on loopback: a request in, a response out, no framework in between."""

import json
import re
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from moto.backend_index import backend_url_patterns
from moto.server import DomainDispatcherApplication, create_backend_app

from sandbox.runtime.headers import Handler

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Request:
    """One HTTP request; header names are lower case, the path is as it came over the wire."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; raises ValueError when it is none."""
        return json.loads(self.body or b"{}")


@dataclass(frozen=True)
class Response:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> str | None:
        """The length that the answer itself gives: a HEAD tells it without the body."""
        names = {name.lower(): name for name in self.headers}
        return self.headers[names["content-length"]] if "content-length" in names else None

    @classmethod
    def of(cls, value: Any, status: int = 200) -> "Response":
        """A JSON answer."""
        body = json.dumps(value, ensure_ascii=False, default=str).encode()
        return cls(status, body, {"Content-Type": "application/json"})


App = Callable[[Request], Response | None]
"""Answers a request; None closes the connection without an answer, as a broken network would."""


_UPLOAD = "X-Amz-Decoded-Content-Length"
"""The header of S3 uploads that come in chunks, which nothing else may."""
_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})\r?\n")


class _Handler(Handler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    server: "Server"

    def _serve(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        chunked = "Transfer-Encoding" in self.headers
        if (chunked and _UPLOAD not in self.headers) or not length.isdecimal():
            self.close_connection = True  # where the body ends is not known
            self._write(Response(411, b"Length Required"))
            return
        body = self._chunks() if chunked else self._piece(int(length))
        answer = self.server.app(self._request(body)) if body is not None else None
        if answer is None:
            self.close_connection = True
            return
        self._write(answer)

    def _piece(self, length: int) -> bytes | None:
        """That many bytes; None if the client went away while it was sending."""
        found = self.rfile.read(length)
        return found if len(found) == length else None

    def _chunks(self) -> bytes | None:
        """A body that comes in pieces, each after its length; None if it breaks off."""
        found = b""
        while match := _SIZE.match(self.rfile.readline()):
            piece = self._piece(int(match[1], 16))
            self.rfile.readline()
            if not piece:
                return found if piece == b"" else None
            found += piece
        return None

    def handle_expect_100(self) -> bool:
        """Let the client go on at once: our writes are buffered."""
        going = super().handle_expect_100()
        self.wfile.flush()
        return going

    def _request(self, body: bytes) -> Request:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, path, query, headers, body)

    def _write(self, answer: Response) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        size = answer.size if self.command == "HEAD" else None
        self.send_header("Content-Length", size or str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _serve


class Server(ThreadingHTTPServer):
    """One app on one loopback port, served by daemon threads."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, app: App, port: int) -> None:
        self.app = app
        super().__init__((HOST, port), _Handler)
        self.url = f"http://{HOST}:{self.server_address[1]}"

    def start(self) -> None:
        """Serve in the background."""
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self) -> None:
        """Stop accepting and free the port."""
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is ours and must be seen."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            traceback.print_exc()


@lru_cache
def _is_known(host: str) -> bool:
    return any(pattern.match(f"http://{host}") for _, pattern in backend_url_patterns)


def _backend_app(service: Any) -> Any:
    """moto's, without Flask's checks of our own code; what breaks is raised all the same."""
    app = create_backend_app(service)
    app.debug, app.config["PROPAGATE_EXCEPTIONS"] = False, True
    return app


class _Dispatcher(DomainDispatcherApplication):
    def __init__(self) -> None:
        super().__init__(_backend_app)
        self._known: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        """moto prints where it knows no backend, and then fails on the missing name.

        It also reads its own folder each time.
        """
        if host not in self._known:
            if host and "." in host and not _is_known(host):
                raise NotImplementedError(f"no such service in the sandbox: {host.split('.')[0]}")
            self._known[host] = super().get_backend_for_host(host)
        return self._known[host]


_SIGNING = dict.fromkeys(("elb", "elbv2"), "elasticloadbalancing")


class Moto:
    """moto's WSGI application, called with our requests. The caller holds the lock."""

    def __init__(self) -> None:
        self._app = _Dispatcher()

    def warm(self, service: str) -> None:
        """Build the application of one service."""
        name = _SIGNING.get(service, service)
        scope = f"AWS4-HMAC-SHA256 Credential=X/20260101/us-east-1/{name}/aws4_request, X"
        headers = {"host": HOST, "authorization": scope, "x-amz-target": "X_20120810.X"}
        self._app.get_application(_environ(Request("POST", "/", "", headers, b"")))

    def __call__(self, request: Request) -> Response:
        started: list[Any] = []
        body = self._app(
            _environ(request), lambda status, headers, _=None: started.extend((status, headers))
        )
        data, status = b"".join(body), int(started[0].split()[0])
        if status in (404, 405) and data.startswith(b"<!doctype html>"):  # the web framework's
            raise NotImplementedError("no such operation in the sandbox")
        return Response(status, data, dict(started[1]))


def _environ(request: Request) -> dict[str, Any]:
    raw = f"{request.path}?{request.query}" if request.query else request.path
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(request.path, "latin-1"),
        "QUERY_STRING": request.query,
        "RAW_URI": raw,
        "REQUEST_URI": raw,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    for done in ("HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING"):
        environ.pop(done, None)
    return environ
