"""What goes back to Alexa. A question keeps the session open and has a reprompt; a statement ends
it.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_model import Response
from ask_sdk_model.ui import SimpleCard

LONGEST = 7500


@dataclass(frozen=True)
class Reply:
    """`text` and `reprompt` are SSML without the outer tag; no reprompt means that nothing is
    asked.
    """

    text: str
    reprompt: str = ""
    card: str = ""
    directives: tuple[Any, ...] = ()
    handed_over: bool = False
    keep: dict[str, Any] = field(default_factory=dict)


def write(handler_input: HandlerInput, reply: Reply) -> Response:
    builder = handler_input.response_builder
    if reply.text:
        builder.speak(reply.text[:LONGEST])
    if reply.reprompt:
        builder.ask(reply.reprompt[:LONGEST])
    elif reply.card:
        builder.set_card(SimpleCard("Toban", reply.card[:LONGEST]))
    for directive in reply.directives:
        builder.add_directive(directive)
    if not reply.handed_over:
        builder.set_should_end_session(not reply.reprompt)
    return builder.response


def plain(ssml: str) -> str:
    """Speech as a reader sees it."""
    text = re.sub(r"<[^>]+>", "", ssml)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
