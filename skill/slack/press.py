"""What somebody did to a message: the one button of a proposal that was pressed."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from skill.slack.envelope import Unwelcome

ANSWERS = ("approve", "decline")
_RUN = re.compile(r"r-[0-9a-f]{24}")
_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
LONGEST_STAMP = 100
Json = dict[str, Any]


@dataclass(frozen=True)
class Press:
    """An answer to the proposal `run`. The same press is the same request, however often it comes.

    `reply_to` is where Slack takes what the message shall become; `blocks` are what it is.
    """

    answer: str
    run: str
    user: str
    at: str
    reply_to: str = field(default="", repr=False)
    blocks: tuple[Json, ...] = ()

    @property
    def key(self) -> str:
        return f"slack#{self.user}#{self.run}#{self.answer}#{self.at}"


def press(body: bytes) -> Press | None:
    """The press in a request's body; None for anything else that people do in Slack.

    Raises Unwelcome for what Slack does not send.
    """
    try:
        payload = _payload(body)
        if payload["type"] != "block_actions":
            return None
        found = [one for one in payload["actions"] if one.get("action_id") in ANSWERS]
        return _press(payload, found[0]) if found else None
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise Unwelcome(reason="garbage", status=400) from error


def _payload(body: bytes) -> Json:
    (text,) = parse_qs(body.decode(), strict_parsing=True, max_num_fields=5)["payload"]
    payload: Json = json.loads(text)
    return payload


def _press(payload: Json, action: Json) -> Press:
    user, run = payload["user"]["id"], action["value"]
    at = str(action.get("action_ts") or payload.get("trigger_id") or "")
    if not (_RUN.fullmatch(run) and _USER.fullmatch(user) and len(at) < LONGEST_STAMP):
        raise Unwelcome(reason="garbage", status=400)
    message = payload.get("message") or {}
    blocks = tuple(one for one in message.get("blocks") or () if one["type"] != "actions")
    reply_to = str(payload.get("response_url") or "")
    return Press(action["action_id"], run, user, at, reply_to, blocks)
