"""The `aws` URL: who calls what, may they, does it fail on purpose; then moto, and the record."""

import sys
import time
import traceback
from dataclasses import replace
from typing import Any

from sandbox.ext import identity
from sandbox.runtime import calls, faults, permissions, sessions
from sandbox.runtime.calls import MOTO, Call, Caller, Recorder
from sandbox.runtime.faults import Fault, Faults
from sandbox.runtime.functions import Functions
from sandbox.runtime.invoke import LambdaApi
from sandbox.runtime.servers import Moto, Request, Response
from sandbox.runtime.shapes import aws_error, error_code

LOADER_KEY = "AKIASANDBOXLOADER000"
"""The access key of the box itself: no latency, and the account that `MOTO_ACCOUNT` names."""
MOTO_ACCOUNT = "x-moto-account-id"
"""The header by which moto is told the account; only the box's own is listened to."""


SERVICES = (
    "autoscaling",
    "dynamodb",
    "ec2",
    "elb",
    "elbv2",
    "events",
    "iam",
    "inspector2",
    "lambda",
    "logs",
    "s3",
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
        self._assumed: dict[str, tuple[Caller, Any]] = {}
        self.recorder, self.faults = Recorder(), Faults()

    def know(self, callers: list[Caller]) -> None:
        """The access keys of functions; every other key is the principal's.

        Sessions that functions began stay: their processes go on holding them.
        """
        self._callers = {caller.key_id: caller for caller in callers}

    def stranger(self, key_id: str) -> Caller:
        """Who signs with a key that is no function's: a user, a role session or the principal."""
        with MOTO:
            session = identity.session_of(key_id)
            issuer = session.role_arn if session else None
            return Caller(identity.arn_of(key_id) or calls.PRINCIPAL, key_id, issuer=issuer)

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
        self.faults.clear()

    def __call__(self, request: Request) -> Response | None:
        """Answer one AWS call; None breaks the connection."""
        started = time.time()
        call = calls.identify(request)
        caller = self._caller(call, request)
        account = request.headers.get(MOTO_ACCOUNT) if call.key_id == LOADER_KEY else None
        call = replace(call, account=account or caller.account)
        request = replace(request, headers={**request.headers, MOTO_ACCOUNT: call.account})
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
        known, _ = self._assumed.get(call.key_id, (self._callers.get(call.key_id), None))
        if known is None:
            return self.stranger(call.key_id)
        number = request.headers.get("x-amz-security-token", "").rpartition(".")[2]
        child = known.child if known.session else int(number) if number.isdigit() else None
        run = self._functions.run_of(known.function or "", child)
        return replace(known, child=child, run=run)

    def _assume(self, call: Call, caller: Caller, answer: Response) -> None:
        """Remember a session that a function began: its calls are that function's."""
        key_id = sessions.new_key(call, answer) if caller.function else None
        if key_id is None:
            return
        with MOTO:
            session = identity.session_of(key_id)
        if session:
            role = session.role_arn
            name = role.rsplit("/", 1)[-1]
            made = replace(caller, arn=session.arn, key_id=key_id, role_name=name, issuer=role)
            self._assumed[key_id] = replace(made, session=True), session

    def _session(self, caller: Caller) -> Any:
        """The session whose keys may have ended; None for a function's own keys."""
        if caller.function:
            return self._assumed.get(caller.key_id, (None, None))[1]
        return identity.session_of(caller.key_id) if caller.issuer else None

    def silence(self, fault: Fault, caller: Caller) -> None:
        """Do what a fault does that is not answered: hang, or kill who called."""
        if fault.kind == "hang":
            fault.gone.wait(fault.seconds)
        if fault.kind == "kill":
            self._functions.kill(caller.function, caller.child)

    def _answer(self, call: Call, caller: Caller, request: Request) -> Response:
        try:
            if denial := self._denial(call, caller):
                return denial
            if self._lambda.handles(call):
                return self._lambda.answer(call, request)
            with MOTO:
                answer = self._moto(request)
            self._assume(call, caller, answer)
            return answer
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
        with MOTO:
            return (
                permissions.dead_key(call)
                or sessions.expired(call, self._session(caller))
                or permissions.forbidden(call, caller)
                or self._mistrusted(call, caller)
            )

    def _mistrusted(self, call: Call, caller: Caller) -> Response | None:
        return None if call.key_id == LOADER_KEY else sessions.refusal(call, caller)

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
                "account": call.account,
                "region": call.region,
                "role": caller.issuer if caller.session else None,
                "run": caller.run,
            }
        )
