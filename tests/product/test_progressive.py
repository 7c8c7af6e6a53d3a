"""A word while somebody waits: spoken once, truly, and without any power over the answer."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from skill.voice.holding import trusted
from tests.product.test_stories import ENGLISH, JAPANESE
from tests.world import Json, Sandbox, http

WAIT = {ENGLISH: "I'm still asking A W S.", JAPANESE: "いま、AWSに問い合わせています。"}
STATUS = {ENGLISH: "ask duty officer for the status", JAPANESE: "セキュリティ当番で状況は"}


def slow(box: Sandbox, times: int = 1) -> None:
    """AWS does not answer a read; its second try succeeds after 2 s."""
    where = {"function": "voice", "service": "ec2", "operation": "DescribeInstances"}
    box.faults({**where, "kind": "hang", "seconds": 20, "times": times})


@contextmanager
def listener(status: int = 204, seconds: float = 0) -> Iterator[tuple[str, list[Json]]]:
    """Somebody who takes directives on this machine, and what came."""
    heard: list[Json] = []
    leave = threading.Event()

    class Alexa(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append({"path": self.path, "token": self.headers["Authorization"], "body": body})
            leave.wait(seconds)
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing of it belongs on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Alexa)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        leave.set()
        server.shutdown()


@pytest.fixture(scope="module")
def shared(running: Sandbox) -> Iterator[Sandbox]:
    running.reset()
    yield running
    running.faults()


@pytest.mark.parametrize("locale", [ENGLISH, JAPANESE])
def test_a_slow_turn_says_so_once_and_then_answers(shared: Sandbox, locale: str) -> None:
    slow(shared, 2)
    body = {"text": STATUS[locale], "locale": locale}
    said = shared.control("POST", "/say", body)
    assert said["progressive"] == [WAIT[locale].replace("A W S", "A W S")]
    assert said["intent"] == "StatusIntent"
    assert said["speech"]


def test_a_quick_turn_says_nothing_before_its_answer(shared: Sandbox) -> None:
    shared.faults()
    assert shared.control("POST", "/say", {"text": STATUS[ENGLISH]})["progressive"] == []


@pytest.mark.parametrize(("status", "seconds"), [(204, 0), (302, 0), (500, 0), (204, 30)])
def test_whatever_becomes_of_it_the_answer_is_the_same(
    shared: Sandbox, status: int, seconds: float
) -> None:
    """It goes to the endpoint of the envelope, with its token, and nowhere else."""
    slow(shared, 2)
    with listener(status, seconds) as (url, heard):
        talk = shared.talk()
        envelope = talk.envelope({"type": "IntentRequest", "intent": {"name": "StatusIntent"}})
        envelope["context"]["System"] |= {"apiEndpoint": url, "apiAccessToken": "a" * 1500}
        talk.send(envelope)
    (one,) = heard
    assert (one["path"], one["token"]) == ("/v1/directives", f"Bearer {'a' * 1500}")
    speech = f"<speak>{WAIT[ENGLISH]}</speak>"
    assert one["body"] == {
        "header": {"requestId": envelope["request"]["requestId"]},
        "directive": {"type": "VoicePlayer.Speak", "speech": speech},
    }
    assert talk.speech
    assert "a" * 40 not in json.dumps(shared.control("GET", "/logs"))


def test_nothing_is_said_without_a_token_or_to_the_end_of_a_session(shared: Sandbox) -> None:
    with listener() as (url, heard):
        talk = shared.talk()
        slow(shared, 2)
        envelope = talk.envelope({"type": "IntentRequest", "intent": {"name": "StatusIntent"}})
        envelope["context"]["System"] |= {"apiEndpoint": url, "apiAccessToken": None}
        talk.send(envelope)
        assert talk.speech
        where = {"function": "voice", "service": "dynamodb", "operation": "DeleteItem"}
        shared.faults({**where, "kind": "hang", "seconds": 3, "times": 1})
        talk.attributes = {"token": "none"}
        ended = talk.envelope({"type": "SessionEndedRequest", "reason": "USER_INITIATED"})
        ended["context"]["System"]["apiEndpoint"] = url
        talk.send(ended)
    assert heard == []


@pytest.mark.parametrize(
    ("endpoint", "aws", "goes"),
    [
        ("https://api.amazonalexa.com", "https://dynamodb.us-east-1.amazonaws.com", True),
        ("https://api.eu.amazonalexa.com", "https://dynamodb.eu-west-1.amazonaws.com", True),
        ("https://api.fe.amazonalexa.com", "http://127.0.0.1:1", True),
        ("http://api.amazonalexa.com", "http://127.0.0.1:1", False),
        ("https://api.amazonalexa.com.evil.example", "http://127.0.0.1:1", False),
        ("https://api.amazonalexa.com@evil.example", "http://127.0.0.1:1", False),
        ("https://evil.example/https://api.amazonalexa.com", "http://127.0.0.1:1", False),
        ("http://127.0.0.1:8910", "https://dynamodb.us-east-1.amazonaws.com", False),
        ("http://127.0.0.1:8910", "http://127.0.0.1:8911", True),
        ("http://127.0.0.1@evil.example", "http://127.0.0.1:8911", False),
        ("", "http://127.0.0.1:8911", False),
    ],
)
def test_the_token_goes_to_alexa_alone(endpoint: str, aws: str, goes: bool) -> None:
    assert trusted(endpoint, aws) is goes


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"token": "Bearer other"}, 401),
        ({"requestId": "amzn1.echo-api.request.none"}, 400),
        ({"type": "VoicePlayer.Shout"}, 400),
        ({"speech": "x" * 601}, 400),
        ({"speech": "<speak>a < b</speak>"}, 400),
    ],
)
def test_the_box_takes_what_alexa_takes(shared: Sandbox, change: Json, status: int) -> None:
    from sandbox.alexa.progressive import TOKEN, Progressive, Refused

    line = Progressive()
    line.begin("r")
    given = {"token": f"Bearer {TOKEN}", "requestId": "r", "type": "VoicePlayer.Speak"}
    given |= {"speech": "<speak>wait</speak>", **change}
    directive = {"type": given["type"], "speech": given["speech"]}
    body = {"header": {"requestId": given["requestId"]}, "directive": directive}
    with pytest.raises(Refused) as refused:
        line.speak(given["token"], json.dumps(body).encode())
    assert refused.value.status == status
    assert line.end("r") == []
    url = f"{shared.ready['control']}/v1/directives"
    assert http("GET", url)[0] == 405
    assert http("POST", url, body)[0] in (401, 415)


def test_alexa_takes_five_for_one_request() -> None:
    from sandbox.alexa.progressive import TOKEN, Progressive, Refused

    line = Progressive()
    line.begin("r")
    body = {"header": {"requestId": "r"}, "directive": {"type": "VoicePlayer.Speak", "speech": "x"}}
    for _ in range(5):
        line.speak(f"Bearer {TOKEN}", json.dumps(body).encode())
    with pytest.raises(Refused):
        line.speak(f"Bearer {TOKEN}", json.dumps(body).encode())
    assert line.end("r") == ["x"] * 5
