"""What goes back to Alexa. A question keeps the session open and has a reprompt; a statement ends
it.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model import Response
from ask_sdk_model.ui import SimpleCard

from skill.voice import screen
from skill.words.view import Row, View

LONGEST = 7500
# Of the 24 KB that a response may have, in bytes; a card is for a glance.
LARGEST, CARD = 24 * 1024 - 512, 3000
QUESTIONS = ("plan", "overview")


@dataclass(frozen=True)
class Reply:
    """`text` and `reprompt` are SSML without the outer tag; no reprompt means that nothing is
    asked. `shown` is the same for the eye: a screen, and a card if it is an answer.
    """

    text: str
    reprompt: str = ""
    card: str = ""
    shown: View | None = None
    directives: tuple[Any, ...] = ()
    handed_over: bool = False
    keep: dict[str, Any] = field(default_factory=dict)


def write(handler_input: HandlerInput, reply: Reply) -> Response:
    builder = handler_input.response_builder
    if reply.text:
        builder.speak(reply.text[:LONGEST])
    if reply.reprompt:
        builder.ask(reply.reprompt[:LONGEST])
    _card(builder, reply)
    for directive in reply.directives:
        builder.add_directive(directive)
    if not reply.handed_over:
        builder.set_should_end_session(not reply.reprompt)
    _show(handler_input, reply)
    return builder.response


def _card(builder: Any, reply: Reply) -> None:
    """An answer leaves a card in the app; a question that something hangs on leaves none."""
    if reply.shown and reply.shown.kind not in QUESTIONS:
        builder.set_card(SimpleCard(reply.shown.title, _read(reply.shown)))
    elif reply.card and not reply.reprompt:
        builder.set_card(SimpleCard("Toban", reply.card[:LONGEST]))


def _read(shown: View) -> str:
    lines = [shown.subtitle, *map(_line, shown.rows)]
    while screen.size(lines) > CARD:
        lines.pop()
    return "\n".join(line for line in lines if line)


def _line(row: Row) -> str:
    return f"{row.text} ({row.more})" if row.more else row.text


def _show(handler_input: HandlerInput, reply: Reply) -> None:
    """The screen, if there is one, in the room that the rest of the response leaves."""
    builder: Any = handler_input.response_builder
    envelope = handler_input.request_envelope
    system = envelope.context.system if envelope.context else None
    newest = screen.supported(getattr(system, "device", None))
    alone = any(one.object_type in screen.ALONE for one in reply.directives)
    if not (newest and reply.shown) or alone:
        return
    kept = handler_input.attributes_manager.session_attributes if envelope.session else {}
    rest = screen.size([DefaultSerializer().serialize(builder.response), kept])
    directive = screen.render(reply.shown, newest, LARGEST - rest)
    if directive:
        builder.add_directive(directive)


def plain(ssml: str) -> str:
    """Speech as a reader sees it."""
    text = re.sub(r"<[^>]+>", "", ssml)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
