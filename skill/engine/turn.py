"""The time that a request has, and whether it has already begun to change something."""

import time
from dataclasses import dataclass, field

from skill.errors import Unavailable

# Alexa waits 8 s; the function stops at 7; the voice must speak by 6 (alexa.md §1).
SPEAK_BY = 5.6
COMMIT_BY = 4.4


@dataclass
class Turn:
    """One request's clock. A turn without limits belongs to an event."""

    limited: bool = False
    began: float = field(default_factory=time.time)
    committed: bool = False
    commit_by: float = COMMIT_BY

    def commit(self) -> None:
        """Call before the first write that starts something. Raises Unavailable when it is too
        late.

        A frozen Lambda may thaw in the middle of an abandoned turn; wall time keeps it from
        acting then.
        """
        if self.limited and time.time() - self.began > self.commit_by:
            raise Unavailable(operation="start", service="toban")
        self.committed = True
