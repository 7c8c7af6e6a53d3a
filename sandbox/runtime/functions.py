"""The functions as deployed, behind one blocking call: `Functions.invoke`."""

import os
import random
import sys
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.runtime.calls import REGION
from sandbox.runtime.pool import Answer, Function, Pool
from sandbox.runtime.processes import ROOT, starter

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "COVERAGE_PROCESS_START")


class FunctionFailed(Exception):
    """A function that cannot even be imported."""


@dataclass
class Watch:
    """Who is told of a function that failed, and of each line that functions write."""

    failed: Callable[[Function], None] = lambda function: None
    line: Callable[[str], None] = lambda line: None


class Functions:
    """All deployed functions. `code` is the folder that holds the handlers' module."""

    def __init__(self, code: Path, aws_url: str) -> None:
        self._code, self._aws_url = code, aws_url
        self._starter = starter(code)
        self.watch = Watch()
        self._pools: dict[str, Pool] = {}
        self._names: dict[str, str] = {}
        self._random = random.Random()  # noqa: S311 (request ids that repeat with the seed)
        self._lock = threading.Lock()

    def deploy(
        self, functions: list[Function], credentials: dict[str, dict[str, str]], seed: int
    ) -> None:
        """Replace what is deployed; children whose environment has not changed stay warm."""
        pools = {}
        for function in functions:
            environment = self._environment(function, credentials[function.logical_id])
            old = self._pools.pop(function.logical_id, None)
            same = old is not None and (old.function, old.environment) == (function, environment)
            if old and not same:
                old.close()
            pools[function.logical_id] = (
                old if old and same else Pool(function, environment, self._starter, self._heard)
            )
        for gone in self._pools.values():
            gone.close()
        with self._lock:
            self._random.seed(seed)
            self._pools = pools
            self._names = {name: f.logical_id for f in functions for name in _names(f)}

    def _environment(self, function: Function, credentials: dict[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        lambda_names = {
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_VERSION": function.version,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": f"[{function.version}]sandbox",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info[0]}.{sys.version_info[1]}",
            "LAMBDA_TASK_ROOT": str(self._code),
            "_HANDLER": function.handler,
            "TZ": ":UTC",
        }
        aws = {
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self._aws_url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "PYTHONPATH": f"{self._code}{os.pathsep}{ROOT}",
        }
        return kept | aws | lambda_names | credentials | function.environment

    def _heard(self, line: str) -> None:
        self.watch.line(line)

    def find(self, name: str) -> Function:
        """The function of a logical id, short name, name or ARN (also qualified); KeyError."""
        return self._pools[self._names[name]].function

    def knows(self, name: str) -> bool:
        """Whether `find` would find it."""
        return name in self._names

    def all(self) -> list[Function]:
        """Every deployed function."""
        return [pool.function for pool in self._pools.values()]

    def invoke(self, name: str, event: Any, *, request_id: str | None = None) -> Answer:
        """Run one event to its end in a child process; KeyError if there is no such function."""
        pool = self._pools[self._names[name]]
        row = {
            "event": event,
            "request_id": request_id or self.new_id(),
            "arn": pool.function.qualified_arn,
        }
        answer = pool.invoke(row)
        if answer.error:
            self.watch.failed(pool.function)
        return answer

    def new_id(self) -> str:
        """A request id; the same ones in the same order for the same seed."""
        with self._lock:
            return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def warm(self) -> None:
        """Start a child of each function, wait until it has imported; raises FunctionFailed."""
        pools = list(self._pools.values())
        with ThreadPoolExecutor(max(len(pools), 1)) as executor:
            answers = list(executor.map(Pool.warm, pools))
        for pool, answer in zip(pools, answers, strict=True):
            if answer.error:
                lines = "\n".join(row["line"] for row in list(pool.logs)[-15:])
                raise FunctionFailed(
                    f"{pool.function.handler}: {answer.error['errorMessage']}\n{lines}"
                )

    def busy(self) -> list[str]:
        """The short names of functions with an invocation, or lines of one, on the way."""
        pools = list(self._pools.values())
        return [pool.function.short for pool in pools if pool.waiting or pool.behind]

    def run_of(self, short: str, child: int | None) -> str | None:
        """The name of the durable execution that a child of a function is at, if it is."""
        pools = [pool for pool in list(self._pools.values()) if pool.function.short == short]
        return next((pool.runs.get(child) for pool in pools if child is not None), None)

    def kill(self, short: str | None = None, child: int | None = None) -> None:
        """Kill busy children: of one function and number, or all."""
        for pool in list(self._pools.values()):
            if short in (None, pool.function.short):
                pool.kill(child)

    def logs(self) -> list[dict[str, Any]]:
        """What the functions wrote to stdout and stderr, oldest first."""
        rows = [row for pool in list(self._pools.values()) for row in pool.logs.copy()]
        return sorted(rows, key=lambda row: row["at"])

    def clear_logs(self) -> None:
        """Forget what was written so far."""
        for pool in list(self._pools.values()):
            pool.logs.clear()

    def close(self) -> None:
        """End every child process."""
        for pool in list(self._pools.values()):
            pool.close()
        self._starter.close()


def _names(function: Function) -> set[str]:
    names = {function.logical_id, function.short}
    for base in (function.name, function.arn):
        names |= {base, f"{base}:$LATEST", f"{base}:{function.version}"}
        if function.alias:
            names.add(f"{base}:{function.alias}")
    return names
