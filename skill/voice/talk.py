"""One turn of the conversation: who speaks, what the session remembers, and the shape of
answers.
"""

import logging
from dataclasses import dataclass
from typing import Any

from skill.engine import approval, policy, records
from skill.engine.core import VOICE, Engine
from skill.engine.turn import Turn
from skill.errors import TobanError
from skill.model import Actor
from skill.voice.envelope import Said
from skill.voice.reply import Reply, plain
from skill.words import Book, book
from skill.words.compose import error

log = logging.getLogger("toban.voice")
Session = dict[str, Any]
# Good for the very next turn only: what could act, and what a bare yes would mean.
FLEETING = (
    *("token", "stage", "hint", "spoken"),
    *("offer", "choices", "listening", "misses", "last"),
)


@dataclass
class Talk:
    """A turn. `session` is what was remembered; each reply's `keep` is what will be."""

    engine: Engine
    said: Said
    session: Session
    turn: Turn

    @property
    def book(self) -> Book:
        return book(self.said.locale)

    @property
    def actor(self) -> Actor:
        role = policy.voice_role(self.engine.aws.settings, self.said.user, self.said.person)
        return Actor(VOICE, self.said.person or self.said.user, role)

    @property
    def key(self) -> str:
        """The same Alexa request is the same run."""
        return f"voice#{self.said.key}"

    def kept(self, **more: Any) -> Session:
        """What outlasts the turn: what "it" and "the second one" mean, nothing that could act."""
        lasting = {name: value for name, value in self.session.items() if name not in FLEETING}
        return lasting | more

    def forget(self) -> None:
        """Close the open question in the table, so that nothing can bring it back.

        Should AWS not answer, the question still has its deadline and nobody knows its token.
        """
        token = self.session.get("token")
        if not token:
            return
        try:
            approval.drop(self.engine.aws, token)
        except TobanError as problem:
            log.warning("question left to its deadline: %s", problem.key)

    def pending(self, stage: str) -> tuple[str, dict[str, Any]] | None:
        """The token and hint of the open question, if it is at that stage."""
        token, hint = self.session.get("token"), self.session.get("hint")
        return (token, hint) if token and hint and self.session.get("stage") == stage else None

    def ask(self, key: str, **more: Any) -> Reply:
        """A question of the book: its sentence, and `<key>-again` as the reprompt."""
        return Reply(self.book.say(key), self.book.say(f"{key}-again"), keep=self.kept(**more))

    def state(self, text: str, **more: Any) -> Reply:
        """The end of a one-shot; inside a conversation the microphone stays open."""
        if self.said.new:
            return Reply(text, card=plain(text), keep=self.kept(**more))
        asked = self.book.run([text, self.book.say("anything-else")])
        return Reply(asked, self.book.say("launch-again"), keep=self.kept(**more))

    def problem(self, found: TobanError) -> Reply:
        """What went wrong, said; nothing that could act is kept.

        Who was refused for not being listed is kept, so that a team lead can list them.
        """
        if found.facts.get("reason") in ("unlisted", "viewer"):
            self._keep_refusal(str(found.facts["reason"]))
        return self.state(error(self.book, found))

    def _keep_refusal(self, reason: str) -> None:
        """The ids go to the audit trail, never to the loudspeaker."""
        try:
            records.refusal(self.engine.aws, self.said.user, self.said.person, reason)
        except TobanError as problem:
            log.warning("refusal not kept: %s", problem.key)
