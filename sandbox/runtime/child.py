"""One child process of a function, seen from the parent."""

import json
import os
import select
import threading
import time
from collections.abc import Callable
from typing import Any, TextIO

from sandbox.runtime.processes import Starter
from sandbox.runtime.worker import LOG_MARK


class Died(Exception):
    """The child ended or was ended before it answered."""


class Slow(Exception):
    """The child did not answer in time."""


class Child:
    """A running worker. One event at a time; `kill` may come from any thread.

    `write` is called with each line that the child writes, from a thread of its own.
    """

    def __init__(
        self,
        starter: Starter,
        environment: dict[str, str],
        write: Callable[[str], None],
        *flags: str,
    ) -> None:
        read_in, self._in = os.pipe()
        self._out, write_out = os.pipe()
        log, write_log = os.pipe()
        self._process = starter.start(environment, (read_in, write_out, write_log), *flags)
        for theirs in (read_in, write_out, write_log):
            os.close(theirs)
        self._buffer = b""
        self._fresh = True
        self._answers = self._marks = 0
        self._log = write
        source = os.fdopen(log, errors="replace")
        self._follower = threading.Thread(target=self._follow, args=(source,), daemon=True)
        self._follower.start()

    def _follow(self, source: TextIO) -> None:
        for raw in source:
            line = raw.rstrip("\n")
            text = line.removesuffix(LOG_MARK)
            if text or text == line:
                self._log(text)
            self._marks += text != line
        source.close()

    @property
    def behind(self) -> bool:
        """Whether lines of what it has answered are still to come."""
        return self._marks < self._answers and self.alive

    @property
    def alive(self) -> bool:
        """Whether the process still runs: it alone holds the other end of its answers."""
        poll = select.poll()
        poll.register(self._out, 0)
        return not poll.poll(0)

    def start(self, seconds: float) -> dict[str, Any] | None:
        """Wait once until the handler is imported; the error document when that failed."""
        if not self._fresh:
            return None
        self._fresh = False
        failure: dict[str, Any] | None = self.receive(seconds)["init"]
        return failure

    def send(self, row: dict[str, Any]) -> None:
        """Hand over one event; raises Died."""
        data = (json.dumps(row) + "\n").encode()
        try:
            while data:
                data = data[os.write(self._in, data) :]
        except OSError as error:
            raise Died from error

    def receive(self, seconds: float) -> dict[str, Any]:
        """The next answer; raises Slow or Died."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self._buffer:
            self._fill(deadline)
        line, _, self._buffer = self._buffer.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        self._answers += 1
        return answer

    def _fill(self, deadline: float) -> None:
        poll = select.poll()
        poll.register(self._out, select.POLLIN)
        if not poll.poll(max(deadline - time.monotonic(), 0) * 1000):
            raise Slow
        data = os.read(self._out, 1 << 16)
        if not data:
            raise Died
        self._buffer += data

    def kill(self) -> None:
        """End the process at once; a waiting `receive` raises Died."""
        self._process.kill()

    def close(self) -> None:
        """Kill, reap and free the pipes. Only the thread that owns the child does this."""
        self._process.end()
        self._follower.join(timeout=1)
        os.close(self._in)
        os.close(self._out)
