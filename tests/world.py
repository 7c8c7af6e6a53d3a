"""A running sandbox as a test sees it: HTTP, boto3 and raw Alexa envelopes, nothing of ours in
process.
"""

import itertools
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import boto3
from botocore.config import Config

ROOT = Path(__file__).parent.parent
Json = dict[str, Any]
# Takes a line that is a result of its own, printed at the end of the run.
Figure = Callable[[str], None]
_numbers = itertools.count(1)


def http(method: str, url: str, body: Any = None, seconds: float = 150) -> tuple[int, Any]:
    """Status and JSON of one call; an answer that takes longer is an error."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)  # noqa: S310 - our own URL
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


@dataclass
class Sandbox:
    """`python -m sandbox serve` in a process of its own."""

    options: tuple[str, ...] = ()
    ready: Json = field(default_factory=dict)
    started: ClassVar[list["Sandbox"]] = []
    making: ClassVar[Any] = threading.Lock()
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    # The module whose tests change nothing, if only they had the box since its reset.
    quiet_for: str = ""

    def start(self) -> "Sandbox":
        command = [sys.executable, "-m", "sandbox", "serve", "--port", "0", *self.options]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
        assert self._process.stdout
        self.ready = json.loads(self._process.stdout.readline())
        self.started.append(self)
        return self

    def stop(self) -> None:
        """End it. Every message that was ever posted has been one that Slack takes."""
        self.started.remove(self)
        try:
            refused = self.control("GET", "/slack")["refused"]
        finally:
            self._process.terminate()
            self._process.wait(timeout=20)
            assert self._process.stdout
            self._process.stdout.close()
        assert not refused, [(row["code"], row["why"], row["body"]) for row in refused]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = http(method, self.ready["control"] + path, body)
        assert status == 200, (status, answer)
        return answer

    def reset(self) -> None:
        self.control("POST", "/reset")
        self.quiet_for = ""

    def idle(self) -> None:
        assert self.control("POST", "/idle") == {"idle": True}

    def runs(self) -> list[Json]:
        found: list[Json] = self.control("GET", "/runs")["runs"]
        return found

    def messages(self) -> list[Json]:
        found: list[Json] = self.control("GET", "/messages")["messages"]
        return found

    def calls(self, **where: str) -> list[Json]:
        rows: list[Json] = self.control("GET", "/calls")["calls"]
        return [row for row in rows if all(row[name] == value for name, value in where.items())]

    def forget_calls(self) -> None:
        self.control("DELETE", "/calls")

    def faults(self, *faults: Json) -> None:
        self.control("PUT", "/faults", {"faults": list(faults)})

    def let_go(self) -> None:
        """No faults any more; a call that hangs breaks off now."""
        self.control("DELETE", "/faults")

    def aws(self, service: str, key: str = "AKIASOMEBODYUNKNOWN0") -> Any:
        """A client as an operator has it. Making one takes long, and not from two threads."""
        with self.making:
            if (service, key) not in self.clients:
                self.clients[service, key] = boto3.client(
                    service,
                    region_name=self.ready["region"],
                    endpoint_url=self.ready["aws"],
                    aws_access_key_id=key,
                    aws_secret_access_key="any",
                    config=Config(retries={"total_max_attempts": 1}),
                )
            return self.clients[service, key]

    @cached_property
    def ec2(self) -> Any:
        return self.aws("ec2")

    def instance(self, name: str) -> Json:
        found = self.ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": [name]}])
        (row,) = [one for group in found["Reservations"] for one in group["Instances"]]
        row["Tags"] = {tag["Key"]: tag["Value"] for tag in row.get("Tags", [])}
        return dict(row)

    def groups(self, name: str) -> dict[str, list[str]]:
        """Interface id to group ids, in order, as DescribeNetworkInterfaces tells them."""
        wanted = [{"Name": "attachment.instance-id", "Values": [self.instance(name)["InstanceId"]]}]
        rows = self.ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
        return {row["NetworkInterfaceId"]: [g["GroupId"] for g in row["Groups"]] for row in rows}

    def tag(self, name: str, value: str, key: str = "AKIASOMEBODYUNKNOWN0") -> None:
        """Set the request tag, as somebody else than us."""
        ids = [self.instance(name)["InstanceId"]]
        self.aws("ec2", key).create_tags(Resources=ids, Tags=[{"Key": "Toban", "Value": value}])

    def talk(self, **who: Any) -> "Conversation":
        return Conversation(self, **who)


class Conversation:
    """One Alexa session, spoken to with raw request envelopes."""

    def __init__(
        self, box: Sandbox, person: str | None = "", user: str = "", locale: str = "en-US"
    ):
        self.box = box
        self.locale = locale
        responder = box.ready["responder"]
        self.person = responder["personId"] if person == "" else person
        self.user = user or responder["userId"]
        self.session = f"amzn1.echo-api.session.{next(_numbers)}"
        self.skill = box.ready["skill_id"]
        self.attributes: Json = {}
        self.new = True
        self.patience = 150.0
        self.answer: Json = {}
        self.last: Json = {}

    def envelope(self, request: Json, level: int = 0) -> Json:
        system: Json = {
            "application": {"applicationId": self.skill},
            "user": {"userId": self.user},
            "device": {"deviceId": "amzn1.ask.device.X", "supportedInterfaces": {}},
            "apiEndpoint": "https://api.amazonalexa.com",
            "apiAccessToken": "secret-token",
        }
        if self.person:
            system["person"] = {"personId": self.person}
            if level:
                system["person"]["authenticationConfidenceLevel"] = {"level": level}
        return {
            "version": "1.0",
            "session": {
                "new": self.new,
                "sessionId": self.session,
                "application": {"applicationId": self.skill},
                "user": {"userId": self.user},
                "attributes": self.attributes,
            },
            "context": {"System": system},
            "request": {
                "requestId": f"amzn1.echo-api.request.{next(_numbers)}",
                "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "locale": self.locale,
                **request,
            },
        }

    def send(self, envelope: Json) -> Json:
        """Post an envelope as it is; the session goes on from the answer."""
        self.last = envelope
        status, answer = http("POST", self.box.ready["alexa"], envelope, self.patience)
        assert status == 200, answer
        self.new = False
        self.attributes = answer.get("sessionAttributes") or {}
        self.answer = answer["response"]
        return self.answer

    def launch(self) -> str:
        self.send(self.envelope({"type": "LaunchRequest"}))
        return self.speech

    def intent(self, name: str, **slots: str) -> str:
        """Slots as heard; a value that is written in capitals is an entity id that Alexa
        matched.
        """
        self.send(self.envelope({"type": "IntentRequest", "intent": intent(name, **slots)}))
        return self.speech

    def yes(self) -> str:
        return self.intent("AMAZON.YesIntent")

    def resume(
        self, status: str = "ACHIEVED", code: str = "200", level: int = 400, **extra: Any
    ) -> str:
        """Alexa's own PIN check is over; the token is the one of the directive unless given."""
        token = extra.pop("token", None) or self.token
        result = {"status": status, **extra}
        cause = {
            "type": "ConnectionCompleted",
            "token": token,
            "status": {"code": code, "message": ""},
            "result": result,
        }
        self.send(self.envelope({"type": "SessionResumedRequest", "cause": cause}, level))
        return self.speech

    @property
    def token(self) -> str:
        for directive in self.answer.get("directives", []):
            if directive["type"] == "Connections.StartConnection":
                return str(directive["token"])
        raise AssertionError(f"no PIN check was asked for: {self.answer}")

    @property
    def speech(self) -> str:
        ssml = self.answer.get("outputSpeech", {}).get("ssml", "")
        return str(ssml).removeprefix("<speak>").removesuffix("</speak>")

    @property
    def open(self) -> bool:
        return self.answer.get("shouldEndSession") is False


def intent(name: str, **slots: str) -> Json:
    filled = {slot: _slot(slot, value) for slot, value in slots.items()}
    return {"name": name, "confirmationStatus": "NONE", "slots": filled}


def _slot(name: str, value: str) -> Json:
    slot: Json = {"name": name, "value": value, "confirmationStatus": "NONE", "source": "USER"}
    if value.isupper() and value.isalpha():
        match = {"value": {"name": value.lower(), "id": value}}
        authority = f"amzn1.er-authority.echo-sdk.amzn1.ask.skill.x.{name.upper()}"
        status = {"code": "ER_SUCCESS_MATCH"}
        row = {"authority": authority, "status": status, "values": [match]}
        slot["resolutions"] = {"resolutionsPerAuthority": [row]}
    return slot
