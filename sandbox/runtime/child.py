"""One child process of a function, seen from the parent."""

import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from sandbox.runtime.worker import LOG_MARK

ROOT = Path(__file__).resolve().parents[2]
LOADER = (sys.executable, "-m", "sandbox.runtime.worker")


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
        environment: dict[str, str],
        code: Path,
        write: Callable[[str], None],
        *flags: str,
    ) -> None:
        read_in, self._in = os.pipe()
        self._out, write_out = os.pipe()
        command = [*LOADER, str(read_in), str(write_out), *flags]
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            command,
            env=environment,
            cwd=code,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(read_in, write_out),
            text=True,
            errors="replace",
        )
        os.close(read_in)
        os.close(write_out)
        self._buffer = b""
        self._fresh = True
        self._answers = self._marks = 0
        self._log = write
        self._follower = threading.Thread(
            target=self._follow, args=(self._process.stdout,), daemon=True
        )
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
        """Whether the process still runs."""
        return self._process.poll() is None

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
        self._process.kill()
        self._process.wait()
        self._follower.join(timeout=1)
        os.close(self._in)
        os.close(self._out)
