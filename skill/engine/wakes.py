"""Waking a run that waits: AWS says that something ended, so that nobody has to keep looking.

`wake#<what>`/`watch` is there while a run waits for `what` (`command#<id>`). Each side changes it
in one update and reads what the other left: an event that comes while nothing sleeps leaves
`woken`, and the sleeper looks for that before it lies down. So none is lost, and what nobody waits
for is told from the rest by the item that is not there.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from skill.aws import Aws
from skill.errors import TobanError
from skill.model import Facts

log = logging.getLogger("toban.wakes")
KEEP_SECONDS = 86400
THERE = "attribute_exists(pk)"


@dataclass(frozen=True)
class Watch:
    """What one run waits for, by all of its names."""

    aws: Aws
    run: str
    whats: Sequence[str]

    def begin(self) -> bool:
        until = int(time.time()) + KEEP_SECONDS
        for what in self.whats:
            self.aws.ledger.put(
                f"wake#{what}", "watch", {}, woken="", callback="", run=self.run, ttl=until
            )
        return True

    def look(self) -> None:
        """From now on an event is news. That it cannot be written is no reason not to look."""
        try:
            self._set(woken="", callback="")
        except TobanError as error:
            log.warning("not watched: %s", error.key)

    def sleep(self, callback: str) -> str:
        """Be woken at that callback; what was left since the last look, if something was."""
        rows = self._set(callback=callback)
        return next((row["woken"] for row in rows if row and row["woken"]), "")

    def _set(self, **sets: str) -> list[Facts | None]:
        change = self.aws.ledger.change
        return [change(f"wake#{what}", "watch", THERE, sets)[0] for what in self.whats]

    def end(self) -> bool:
        for what in self.whats:
            self.aws.ledger.delete(f"wake#{what}", "watch")
        return True


def note(aws: Aws, what: str, seconds: int) -> Facts | None:
    """Leave word for whoever waits for `what`: {"run", "callback"}; None if nobody does.

    `seconds` is how long it took, for the time that the run took.
    """
    word = {"woken": str(max(seconds, 1))}
    item, left = aws.ledger.change(f"wake#{what}", "watch", THERE, word)
    return item if left else None
