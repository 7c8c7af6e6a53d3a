"""Slack's other half: somebody presses a button, and what the app answers is shown."""

import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from sandbox.runtime.account import Account
from sandbox.runtime.blockkit import problem
from sandbox.runtime.function_urls import FunctionUrls
from sandbox.runtime.servers import Request, Response
from sandbox.runtime.webhook import Webhook

Json = dict[str, Any]
PREFIX = "/slack/actions/"
# Slack takes so many answers to one interaction, for so long.
USES, SECONDS = 5, 1800
TEAM: Json = {"id": "T0SANDBOX", "domain": "sandbox"}
CHANNEL: Json = {"id": "C0SECURITY", "name": "security"}
_TEXT = {"Content-Type": "text/plain"}


@dataclass
class Interaction:
    """One press, and what was answered to it."""

    message: Json
    user: str
    at: float = field(default_factory=time.time)
    uses: int = 0
    shown: list[Json] = field(default_factory=list)


class SlackApp:
    """Presses buttons of the messages that the webhook took, signed as Slack signs."""

    def __init__(
        self, webhook: Webhook, urls: FunctionUrls, account: Callable[[], Account], control: str
    ) -> None:
        self._webhook, self._urls, self._account = webhook, urls, account
        self._control = control
        self._open: dict[str, Interaction] = {}
        self._lock = threading.Lock()

    def path(self) -> str | None:
        """Where the box serves the app's Request URL, if the stack has the function."""
        return self._urls.path(self._account().stack.physical.get("SlackFunctionUrl", ""))

    def ready(self) -> Json:
        """What somebody needs who wants to be Slack."""
        who, path = self._account().people, self.path()
        return {
            "slack_interactions": path and self._control + path,
            "slack_signing_secret": who.slack_signing_secret,
            "slack_users": who.slack,
        }

    def press(self, what: Json) -> Json:
        """Press a button: {"run" or "message", "button", "user"} in; {"status", "body", "ms",
        "shown"}, what Slack got and shows, out.

        Raises ValueError where no such button was ever posted, or nothing listens.
        """
        who, path = self._account().people, self.path()
        name = str(what.get("user", "approver"))
        user = who.slack.get(name, name)
        if path is None:
            raise ValueError("the stack has no Slack function: see SlackApprovers")
        row, element = self._button(what)
        token = secrets.token_hex(12)
        with self._lock:
            made = self._open[token] = Interaction(row, user)
        body = urlencode({"payload": json.dumps(self._payload(row, element, user, token))}).encode()
        began = time.monotonic()
        request = signed(body, who.slack_signing_secret)
        answer = self._urls.serve(replace(request, path=path))
        return {
            "status": answer.status,
            "body": answer.body.decode(),
            "ms": round((time.monotonic() - began) * 1000),
            "shown": made.shown,
        }

    def _button(self, what: Json) -> tuple[Json, Json]:
        """The newest message with such a button; a screen may show what has gone meanwhile."""
        for row in reversed(self._webhook.rows):
            if what.get("message") not in (None, row.get("ts")):
                continue
            for one in _elements(row["body"]):
                of_run = what.get("run") in (None, one.get("value"))
                if of_run and one.get("action_id") == what["button"]:
                    return row, one
        raise ValueError(f"no message has a button {what['button']} for that")

    def _payload(self, row: Json, element: Json, user: str, token: str) -> Json:
        """A block_actions payload (docs.slack.dev, interaction payloads)."""
        return {
            "type": "block_actions",
            "user": _user(user),
            "api_app_id": "A0SANDBOX",
            "token": "deprecated",
            "container": {
                "type": "message",
                "message_ts": row["ts"],
                "channel_id": CHANNEL["id"],
                "is_ephemeral": False,
            },
            "trigger_id": f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**13)}.{token}",
            "team": TEAM,
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": CHANNEL,
            "message": {
                "type": "message",
                "subtype": "bot_message",
                "ts": row["ts"],
                **row["body"],
            },
            "state": {"values": {}},
            "response_url": f"{self._control}{PREFIX}{token}",
            "actions": [_pressed(element)],
        }

    def respond(self, request: Request) -> Response:
        """What the app posts to the response_url of an interaction."""
        with self._lock:
            found = self._open.get(request.path.removeprefix(PREFIX))
            if found is None or time.time() - found.at > SECONDS or found.uses >= USES:
                return Response(404, b"expired_url" if found else b"no_such_url", _TEXT)
            found.uses += 1
        try:
            reply = request.json()
        except ValueError:
            return Response(400, b"invalid_payload", _TEXT)
        if not isinstance(reply, dict) or not (reply.get("text") or reply.get("blocks")):
            return Response(400, b"no_text", _TEXT)
        message = {name: reply[name] for name in ("text", "blocks") if name in reply}
        if wrong := problem(message):
            self._webhook.refused.append({"at": time.time(), "code": wrong[0], "body": reply})
            return Response(400, wrong[0].encode(), _TEXT)
        self._show(found, reply, message)
        return Response(200, b"ok", _TEXT)

    def _show(self, found: Interaction, reply: Json, message: Json) -> None:
        replaces = bool(reply.get("replace_original"))
        found.shown.append({"replaces": replaces, "body": message})
        row = {"channel": "slack", "at": time.time(), "body": message}
        if replaces:
            row["replaces"] = found.message["ts"]
        else:
            row["only_to"] = found.user
        self._webhook.rows.append(row | {"ts": f"{time.time():.6f}"})


def _user(user: str) -> Json:
    name = user.lower()
    return {"id": user, "username": name, "name": name, "team_id": TEAM["id"]}


def _pressed(element: Json) -> Json:
    return {
        "type": "button",
        "block_id": element["block_id"],
        "action_id": element["action_id"],
        "value": element.get("value", ""),
        "text": element.get("text", {}),
        "action_ts": f"{time.time():.6f}",
    }


def _elements(body: Json) -> list[Json]:
    """The buttons of a message, each with the id of its block."""
    blocks = [one for one in body.get("blocks") or [] if one.get("type") == "actions"]
    return [
        {"block_id": block.get("block_id", "b0"), **one}
        for block in blocks
        for one in block["elements"]
    ]


def signed(body: bytes, secret: str) -> Request:
    """A request as Slack sends it."""
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
        "content-length": str(len(body)),
    }
    return Request("POST", "/", "", headers, body)
