"""HTTP to a function and back, as Lambda's function URLs do it (payload format 2.0)."""

import base64
import json
import threading
import time
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from sandbox.ext.function_urls import is_public, reserved, urls
from sandbox.runtime.calls import ACCOUNT, MOTO, REGION
from sandbox.runtime.functions import Functions
from sandbox.runtime.servers import Request, Response

PREFIX = "/function-url/"
LONGEST = 6 << 20
_TEXT = ("application/json", "application/javascript", "application/xml")


class FunctionUrls:
    """Serves `/function-url/<id>/…` of the box, where AWS has a host for each id."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._lock = threading.Lock()
        self._running: dict[str, int] = {}

    def path(self, arn: str) -> str | None:
        """Where a function of that ARN is served, if it has a URL."""
        found = [name for name, row in urls(ACCOUNT, REGION).items() if row["arn"] == arn]
        return f"{PREFIX}{found[0]}/" if found else None

    def serve(self, request: Request) -> Response:
        """One request from anybody."""
        url_id, _, rest = request.path.removeprefix(PREFIX).partition("/")
        with MOTO:
            row = urls(ACCOUNT, REGION).get(url_id)
            public = row is not None and row["auth"] == "NONE" and _is_public(row["arn"])
            most = reserved(row["arn"], ACCOUNT, REGION) if row else None
        if row is None:
            return _message(404, "Not Found")
        if not public:
            return _message(403, "Forbidden. For troubleshooting Function URL authorization issues")
        if len(request.body) > LONGEST:
            return _message(413, "Request Entity Too Large")
        return self._bounded(row["arn"], most, _event(url_id, "/" + rest, request))

    def _bounded(self, arn: str, most: int | None, event: dict[str, Any]) -> Response:
        with self._lock:
            if most is not None and self._running.get(arn, 0) >= most:
                return _message(429, "Too Many Requests")
            self._running[arn] = self._running.get(arn, 0) + 1
        try:
            answer = self._functions.invoke(arn, event)
        finally:
            with self._lock:
                self._running[arn] -= 1
        if answer.error:
            return Response(502, b"Internal Server Error", {"Content-Type": "text/plain"})
        return _response(answer.payload)


def _is_public(arn: str) -> bool:
    return is_public(arn, ACCOUNT, REGION)


def _message(status: int, text: str) -> Response:
    return Response.of({"Message": text}, status)


def _event(url_id: str, path: str, request: Request) -> dict[str, Any]:
    host = f"{url_id}.lambda-url.{REGION}.on.aws"
    headers = {name: value for name, value in request.headers.items() if name != "connection"}
    headers |= {
        "host": host,
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
        "x-amzn-trace-id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}",
    }
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": _context(url_id, host, path, request),
        "isBase64Encoded": False,
    }
    if request.query:
        made["queryStringParameters"] = dict(parse_qsl(request.query, keep_blank_values=True))
    return made | _body(request)


def _context(url_id: str, host: str, path: str, request: Request) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "accountId": "anonymous",
        "apiId": url_id,
        "domainName": host,
        "domainPrefix": url_id,
        "http": {
            "method": request.method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": "127.0.0.1",
            "userAgent": request.headers.get("user-agent", ""),
        },
        "requestId": str(uuid.uuid4()),
        "routeKey": "$default",
        "stage": "$default",
        "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now.timestamp() * 1000),
    }


def _body(request: Request) -> dict[str, Any]:
    """What is not text comes in base64, and a form counts as no text."""
    if not request.body:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind in _TEXT:
        return {"body": request.body.decode(errors="replace")}
    return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}


def _response(payload: Any) -> Response:
    """The function's own answer; anything without a status code is the body of a 200."""
    if not isinstance(payload, dict) or "statusCode" not in payload:
        body = payload if isinstance(payload, str) else json.dumps(payload)
        return Response(200, body.encode(), {"Content-Type": "application/json"})
    body = payload.get("body") or ""
    data = base64.b64decode(body) if payload.get("isBase64Encoded") else body.encode()
    headers = {"Content-Type": "application/json"} | dict(payload.get("headers") or {})
    return Response(int(payload["statusCode"]), data, headers)
