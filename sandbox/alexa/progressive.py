"""What a skill has spoken before its answer: Alexa's directive service, `POST /v1/directives`."""

import json
import threading
from typing import Any

from sandbox.alexa import ssml
from sandbox.runtime.servers import Request, Response

TOKEN = "sandbox-api-access-token"  # noqa: S105 (nothing is secret in the box)
PATH = "/v1/directives"
_MOST, _LONGEST = 5, 600


class Refused(Exception):
    """A directive that Alexa does not take; the HTTP status and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Progressive:
    """The requests that wait for their answer, with what was spoken meanwhile."""

    def __init__(self) -> None:
        self._spoken: dict[str, list[str]] = {}
        self._lock = threading.Lock()

    def begin(self, request: str) -> None:
        """A request is on its way to the skill."""
        with self._lock:
            self._spoken[request] = []

    def end(self, request: str) -> list[str]:
        """The answer is there: what was heard before it. Nothing more is taken for it."""
        with self._lock:
            return self._spoken.pop(request, [])

    def serve(self, request: Request) -> Response:
        """Alexa's answer to one post."""
        if not request.headers.get("content-type", "").startswith("application/json"):
            return Response.of({"message": "not application/json"}, 415)
        try:
            self.speak(request.headers.get("authorization", ""), request.body)
        except Refused as error:
            return Response.of({"message": str(error)}, error.status)
        return Response(204)

    def speak(self, authorization: str, body: bytes) -> None:
        """Obey one directive, or raise Refused."""
        if authorization != f"Bearer {TOKEN}":
            raise Refused(401, "no valid access token")
        request, text = _read(body)
        with self._lock:
            spoken = self._spoken.get(request)
            if spoken is None:
                raise Refused(400, f"no request {request!r:.80} waits for its answer")
            if len(spoken) >= _MOST:
                raise Refused(429, f"more than {_MOST} directives for one request")
            spoken.append(text)


def _read(body: bytes) -> tuple[str, str]:
    """The request that a directive belongs to, and what is heard of it."""
    try:
        given: Any = json.loads(body)
        request, directive = given["header"]["requestId"], given["directive"]
        kind, speech = directive["type"], directive["speech"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(400, f"not a directive: {error!r}") from error
    if kind != "VoicePlayer.Speak" or not isinstance(speech, str) or not isinstance(request, str):
        raise Refused(400, f"not a VoicePlayer.Speak: {kind!r:.80}")
    if not 0 < len(speech) <= _LONGEST:
        raise Refused(400, f"{len(speech)} characters, not 1 to {_LONGEST}")
    try:
        return request, ssml.plain(speech) if speech.startswith("<speak>") else speech
    except ValueError as error:
        raise Refused(400, str(error)) from error
