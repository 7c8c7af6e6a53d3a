"""What Slack refuses of a message: Block Kit's rules, and the limits of a webhook.

Sizes and members are those of Slack's reference ("Block Kit", "Sending messages using incoming
webhooks"); `blocks.json` holds them. Blocks that it does not know are checked by slack_sdk's own
models. How long all blocks of a message may be together is not documented: slackapi/bolt-js#2509
found that a little over 13,000 characters are refused.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

TEXT, ALL_BLOCKS, ATTACHMENTS = 40_000, 13_000, 100
_SCHEMA = Path(__file__).with_name("blocks.json")
_RULED = {"header", "section", "context", "actions", "divider", "image"}


def problem(message: Any) -> tuple[str, str] | None:
    """Slack's code for a message that it refuses, and what is wrong; None for a good one."""
    if not isinstance(message, dict):
        return "invalid_payload", "not an object"
    text, blocks = message.get("text"), message.get("blocks")
    if not isinstance(text, str | None):
        return "invalid_payload", "text is not a string"
    if not (text or blocks or message.get("attachments")):
        return "no_text", "neither text nor blocks"
    if len(text or "") > TEXT:
        return "msg_too_long", f"text has {len(text or '')} characters"
    if len(message.get("attachments") or ()) > ATTACHMENTS:
        return "too_many_attachments", f"more than {ATTACHMENTS}"
    return None if blocks is None else _of_blocks(blocks)


def _of_blocks(blocks: Any) -> tuple[str, str] | None:
    if not isinstance(blocks, list):
        return "invalid_blocks_format", "blocks is not a list"
    if found := next(_wrong(blocks), None):
        return "invalid_blocks", found
    size = sum(len(text) for text in _texts(blocks))
    if size > ALL_BLOCKS:
        return "msg_blocks_too_long", f"{size} characters in all blocks"
    return None


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(_SCHEMA.read_text()))


def _wrong(blocks: list[Any]) -> Iterator[str]:
    for error in _validator().iter_errors(blocks):
        yield f"{error.json_path}: {error.message[-200:]}"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "block_id is not unique"
    for at, block in enumerate(blocks):
        yield from _repeated(at, block)
        if block["type"] not in _RULED:
            yield from _of_the_library(at, block)


def _repeated(at: int, block: dict[str, Any]) -> Iterator[str]:
    rows = block.get("elements", ()) if block["type"] == "actions" else ()
    ids = [row["action_id"] for row in rows if "action_id" in row]
    if len(ids) != len(set(ids)):
        yield f"$[{at}]: action_id is not unique"


def _of_the_library(at: int, block: dict[str, Any]) -> Iterator[str]:
    try:
        made = Block.parse(block)
        if made is None:
            yield f"$[{at}]: unknown type {block['type']}"
        else:
            made.validate_json()
    except (SlackObjectFormationError, TypeError) as error:
        yield f"$[{at}]: {error}"


def _texts(value: Any) -> Iterator[str]:
    """Every text that is shown, however deep."""
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from [one] if name == "text" and isinstance(one, str) else _texts(one)
