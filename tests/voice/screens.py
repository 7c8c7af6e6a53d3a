"""Devices with a screen, and what the checks of a screen look at."""

import json
from typing import Any

from tests.world import Conversation, Json, Sandbox

APL = "Alexa.Presentation.APL"
RENDER = f"{APL}.RenderDocument"
NEWEST = "2024.2"


class Show(Conversation):
    """An Echo Show: a conversation whose envelopes offer a screen."""

    def __init__(self, box: Sandbox, newest: Any = NEWEST, **who: Any) -> None:
        super().__init__(box, **who)
        self.newest = newest

    def envelope(self, request: Json, level: int = 0) -> Json:
        made = super().envelope(request, level)
        screen = {APL: {"runtime": {"maxVersion": self.newest}}}
        made["context"]["System"]["device"]["supportedInterfaces"] = screen
        made["context"][APL] = {"token": "x", "componentsVisibleOnScreen": [{"type": "new"}]}
        made["context"]["Viewports"] = [{"type": "APL", "id": "main", "shape": "RECTANGLE"}]
        return made

    @property
    def screen(self) -> Json | None:
        """The one directive for the screen."""
        found = [one for one in self.answer.get("directives", []) if one["type"] == RENDER]
        assert len(found) < 2
        return found[0] if found else None

    @property
    def shown(self) -> Json:
        assert self.screen, self.answer
        data: Json = self.screen["datasources"]["toban"]
        return data

    @property
    def texts(self) -> str:
        """Everything that somebody reads."""
        return json.dumps(self.shown, ensure_ascii=False)

    def touch(self, *arguments: Any, **more: Any) -> str:
        """A tap; nobody's voice is in it."""
        made = self.envelope({"type": f"{APL}.UserEvent", "token": "x", "source": {}, **more})
        made["request"].setdefault("arguments", list(arguments))
        made["context"]["System"].pop("person", None)
        self.send(made)
        return self.speech


def critical(talk: Show) -> Show:
    talk.intent("ReadFindingsIntent", severity="CRITICAL")
    return talk
