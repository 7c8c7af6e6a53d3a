"""What an action's `apply` may ask of the engine (DESIGN.md §2). The engine implements it."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

ATTEMPTS = 6


class Flow(Protocol):
    """Durable progress. Each step runs at least once, its JSON result is kept, and it may be
    repeated.
    """

    run: str
    waited: int
    # How many of how many parts are done, for who asks while it runs.
    progress: tuple[int, int]

    def step(self, name: str, work: Callable[[], Any], attempts: int = ATTEMPTS) -> Any:
        """The result of `work`. Transient errors are retried; any other TobanError is raised, and
        so is the last.
        """

    def wait(self, name: str, seconds: int) -> None:
        """Let time pass without running."""

    def until(
        self,
        name: str,
        look: Callable[[], Any],
        done: Callable[[Any], bool],
        every: int,
        within: int,
        wakes: Sequence[str] = (),
    ) -> Any:
        """Look every so many seconds until `done`; the last look, done or not, after `within`
        seconds. An event about one of `wakes` (`command#<id>`) makes the next look come at once.
        """
