"""The `aws` URL: who calls what, may they, does it fail on purpose; then moto, and the record."""

import sys
import threading
import time
import traceback
from typing import Any

from sandbox.ext import identity
from sandbox.runtime import calls, faults, policies
from sandbox.runtime.access import FREE, needed
from sandbox.runtime.calls import ACCOUNT, MOTO, Call, Caller, Recorder
from sandbox.runtime.faults import Fault, Faults
from sandbox.runtime.functions import Functions
from sandbox.runtime.invoke import LambdaApi
from sandbox.runtime.servers import Moto, Request, Response
from sandbox.runtime.shapes import aws_error, error_code

LOADER_KEY = "AKIASANDBOXLOADER000"
"""The access key of the box itself: no latency."""


SERVICES = (
    "dynamodb",
    "ec2",
    "events",
    "iam",
    "inspector2",
    "lambda",
    "logs",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "sts",
)


class Gateway:
    """One AWS endpoint for everybody. Latency and function runs happen outside of moto's lock."""

    def __init__(self, functions: Functions, lambda_api: LambdaApi, latency: float) -> None:
        self._functions, self._lambda, self._latency = functions, lambda_api, latency
        self._moto = Moto()
        self._callers: dict[str, Caller] = {}
        self._stopped = threading.Event()
        self.recorder, self.faults = Recorder(), Faults()

    def know(self, callers: list[Caller]) -> None:
        """The access keys of functions; every other key is the principal's."""
        self._callers = {caller.key_id: caller for caller in callers}

    def stranger(self, key_id: str) -> Caller:
        """Who signs with a key that is no function's: a user, a role session or the principal."""
        with MOTO:
            return Caller(identity.arn_of(key_id) or calls.PRINCIPAL, key_id)

    def user_identity(self, key_id: str) -> dict[str, Any]:
        """The CloudTrail `userIdentity` of whoever signs with this key."""
        return (self._callers.get(key_id) or self.stranger(key_id)).user_identity

    def warm(self) -> None:
        """Build what each service needs before its first call, so that no first call is slow."""
        with MOTO:
            for service in SERVICES:
                self._moto.warm(service)
                calls.router(service)

    def stop(self) -> None:
        """Let go of hanging calls."""
        self._stopped.set()

    def __call__(self, request: Request) -> Response | None:
        """Answer one AWS call; None breaks the connection."""
        started = time.time()
        call = calls.identify(request)
        caller = self._caller(call, request)
        calls.set_caller(caller)
        fault = self.faults.hit(call, caller)
        if fault and fault.kind in faults.SILENT:
            self._record(call, caller, started, fault.kind)
            self.silence(fault, caller)
            return None
        answer = faults.answer(fault, call) if fault else self._answer(call, caller, request)
        if self._latency and call.key_id != LOADER_KEY:
            time.sleep(self._latency)
        self._record(call, caller, started, error_code(answer))
        return answer

    def _caller(self, call: Call, request: Request) -> Caller:
        known = self._callers.get(call.key_id)
        if known is None:
            return self.stranger(call.key_id)
        number = request.headers.get("x-amz-security-token", "").rpartition(".")[2]
        child = int(number) if number.isdigit() else None
        return Caller(known.arn, known.key_id, known.function, known.role_name, known.issuer, child)

    def silence(self, fault: Fault, caller: Caller) -> None:
        """Do what a fault does that is not answered: hang, or kill who called."""
        if fault.kind == "hang":
            self._stopped.wait(fault.seconds)
        if fault.kind == "kill":
            self._functions.kill(caller.function, caller.child)

    def _answer(self, call: Call, caller: Caller, request: Request) -> Response:
        try:
            if denial := self._denial(call, caller):
                return denial
            if self._lambda.handles(call):
                return self._lambda.answer(call, request)
            with MOTO:
                return self._moto(request)
        except NotImplementedError as error:
            self._complain(call)
            return aws_error(
                call, "NotImplemented", f"sandbox: {call.service}.{call.operation}: {error}", 501
            )
        except Exception as error:  # a bug in moto or in the box: it must be seen on both sides
            self._complain(call)
            return aws_error(
                call, "InternalFailure", f"sandbox: {type(error).__name__}: {error}", 500
            )

    def _complain(self, call: Call) -> None:
        print(f"sandbox: {call.service}.{call.operation} failed:", file=sys.stderr)
        traceback.print_exc()

    def _denial(self, call: Call, caller: Caller) -> Response | None:
        if not caller.role_name or (call.service, call.operation) in FREE:
            return None
        with MOTO:
            missing = policies.allowed(caller.role_name, needed(call), ACCOUNT)
        if missing is None:
            return None
        what = f"{missing.action} on resource: {missing.resource or '*'}"
        text = f"User: {caller.arn} is not authorized to perform: {what}"
        return faults.denial(
            call,
            None,
            f"{text} because no identity-based policy allows the {missing.action} action",
        )

    def _record(self, call: Call, caller: Caller, started: float, error: str | None) -> None:
        if not caller.function:
            return
        self.recorder.add(
            {
                "function": caller.function,
                "service": call.service,
                "operation": call.operation,
                "at": started,
                "ms": round((time.time() - started) * 1000, 3),
                "error": error,
                "account": ACCOUNT,
                "region": call.region,
            }
        )
