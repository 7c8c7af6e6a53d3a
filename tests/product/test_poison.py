"""What others wrote, in names, tags and findings, is shown inert wherever it is shown."""

import json
import re
from collections import Counter
from typing import Any

from tests.events_world import accounts, buried, invoke, sample
from tests.world import Json, Sandbox

HOSTILE = {
    "slack": "<!channel> <@U012ABC> <https://evil.example|click> *b* `x` ~s~ & done",
    "ssml": "</speak><audio src='https://evil.example/a.mp3'/><break time='10s'/>",
    "control": "name\u0007\r\n\u001b[31mred\u0000 \u2028next",
    "bidi": "\u202egnp.exe\u202c \u2067\u05e9\u05dc\u05d5\u05dd\u2069 \u200b\ufeff",
    "long": "w" * 240 + "<!here>",
    "fluent": "{ $names } { -brand } %s {0} ${x} \\u003c",
}
# What Slack would act on, unescaped.
LIVE = re.compile(r"<[!@#]|<https?:|(?<!\u200b)[*`~](?=\w)")
# What EC2 could not even describe.
NOT_XML = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f]")
CONTROL = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]")


def texts(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node]
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for child in children for text in texts(child)]


def posted(box: Sandbox) -> list[str]:
    rows = [row["body"] for row in box.messages() if row["channel"] == "slack"]
    bodies = [json.loads(row) if isinstance(row, str) else row for row in rows]
    return [text for body in bodies for text in texts(body)]


def subjects(box: Sandbox) -> list[str]:
    return [str(row.get("subject", "")) for row in box.messages() if row["channel"] == "mail"]


def poisoned(box: Sandbox, one: str, name: str, text: str) -> list[Json]:
    """A name and a request of somebody unlisted, and findings with the text all over."""
    name_tag = {"Key": "Name", "Value": NOT_XML.sub("", text)[:256]}
    box.ec2.create_tags(Resources=[one], Tags=[name_tag])
    request = sample(box, "created-tags", "batch-2", fresh=True)
    request["detail"]["userIdentity"] = {"type": "IAMUser", "arn": f"arn:aws:iam::1:user/{text}"}
    request["detail"]["sourceIPAddress"] = text
    finding = sample(box, "guardduty", "batch-3", fresh=True)
    finding["detail"] |= {"title": text, "type": text, "description": text, "id": name * 8}
    finding["detail"]["resource"]["instanceDetails"]["instanceId"] = one
    other = json.loads(json.dumps(finding))
    other["id"], other["detail"]["id"] = f"{name}-other", f"{name}-other"
    other["detail"]["resource"] = {"resourceType": text}
    return [request, finding, other]


def test_poisoned_text_is_inert_everywhere(box: Sandbox) -> None:
    box.control("DELETE", "/slack")
    one = box.instance("batch-1")["InstanceId"]
    for name, text in HOSTILE.items():
        for event in poisoned(box, one, name, text):
            invoke(box, event)
        box.idle()
    ends = Counter(row["outcome"] for row in accounts(box))
    assert ends == {"ignored": len(HOSTILE), "proposal": 2 * len(HOSTILE)}
    assert buried(box) == []
    assert box.control("GET", "/slack") == {"refused": []}
    shown = posted(box)
    assert len(shown) > 3 * len(HOSTILE)
    for text in shown:
        assert not CONTROL.search(text.replace("\n", "")), text
        for live in LIVE.finditer(text):
            assert is_ours(text, live.start()), text
    assert all(line.isprintable() and len(line) < 100 for line in subjects(box))
    assert "<audio" not in heard(box)


def is_ours(text: str, at: int) -> bool:
    """Mark-up that the sentences themselves bring: dates, run ids in code."""
    return text[at] == "`" and re.match(r"`r-[0-9a-f]{24}`", text[at:]) is not None


def heard(box: Sandbox) -> str:
    """What the voice says of it; the box refuses an answer that is no valid SSML."""
    talk = box.talk()
    return f"{talk.intent('StatusIntent')} {talk.intent('ApproveIntent')}"
