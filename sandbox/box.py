"""The box: one AWS account in moto, the deployed functions, and everything that connects them."""

import random
import threading
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox import ext, speaking
from sandbox.alexa import Device, models_from
from sandbox.control import control
from sandbox.delivery.service import Delivery
from sandbox.ext import cloudtrail_events
from sandbox.loading import Loading
from sandbox.options import Options
from sandbox.runtime import inert
from sandbox.runtime.account import Account, Source, role_may
from sandbox.runtime.calls import ACCOUNT, MOTO, REGION
from sandbox.runtime.durable import Durable
from sandbox.runtime.function_urls import FunctionUrls
from sandbox.runtime.functions import Functions, Watch
from sandbox.runtime.gateway import Gateway
from sandbox.runtime.invoke import LambdaApi
from sandbox.runtime.ledger import read_runs
from sandbox.runtime.members import member
from sandbox.runtime.pool import Answer, Function
from sandbox.runtime.processes import ROOT
from sandbox.runtime.servers import Request, Response, Server
from sandbox.runtime.slackapp import SlackApp
from sandbox.runtime.webhook import Webhook
from sandbox.scene import scenario, world
from sandbox.settle import STEP, settle, still

__all__ = ["Box", "Options"]

QUIET_SECONDS = 5.0


class Box:
    """Everything that one sandbox is. `start` before use, `stop` at the end."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._lock = threading.Lock()
        self.breaches: list[dict[str, Any]] = []
        self.document = scenario.read(options.scenario, options.scale)
        ext.install()
        self._make_servers()
        webhook = f"{self.urls['control']}/slack"
        self.account = Account(self._source(), self.urls["aws"], webhook)
        self._make_services()
        self._loading = Loading(self)

    def _source(self) -> Source:
        of = self.options
        return Source(of.template, of.member_template, of.seed, self.document, of.parameters)

    def _make_servers(self) -> None:
        port = self.options.port
        self._control = Server(control(self), port)
        self._aws = Server(lambda request: self.gateway(request), port + 1 if port else 0)
        self.urls = {
            "alexa": f"{self._control.url}/alexa",
            "aws": self._aws.url,
            "control": self._control.url,
        }

    def _make_services(self) -> None:
        self.functions = Functions(self.options.code, self.urls["aws"])
        self.delivery = Delivery(self._invoke, MOTO, role_may=role_may, seed=self.options.seed)
        self.functions.watch = self._watch()
        self.durable = self._make_durable()
        lambda_api = LambdaApi(self.functions, lambda: self.durable, self._enqueue)
        self.gateway = Gateway(self.functions, lambda_api, self.options.latency)
        self.webhook = Webhook(self.gateway)
        self.function_urls = FunctionUrls(self.functions)
        self.slack = SlackApp(
            self.webhook, self.function_urls, lambda: self.account, self.urls["control"]
        )
        cloudtrail_events.IDENTITY = self.gateway.user_identity
        self.device = self._make_device()

    def _invoke(self, arn: str, event: Any, request_id: str) -> Answer:
        if not self.functions.knows(arn):
            return inert.deliver(arn)
        return self.functions.invoke(arn, event, request_id=request_id)

    def _watch(self) -> Watch:
        """Failures and embedded metrics are what the stack's alarms look at."""
        alarms = self.delivery.alarms
        return Watch(alarms.failed, alarms.line)

    def _make_durable(self) -> Durable:
        real_time, earlier = self.options.real_time, self.delivery.before
        made = Durable(self.functions, self.account.bury, real_time, earlier)
        made.executor.quiet = lambda: still(self)
        return made

    @property
    def speakers(self) -> dict[str, dict[str, str]]:
        """Who may speak, by name."""
        who = self.account.people
        return {
            "responder": {"userId": who.responder_user, "personId": who.responder_person},
            "viewer": {"userId": who.viewer_user},
        }

    def _make_device(self) -> Device:
        who = self.account.people
        source = random.Random(self.options.seed)  # noqa: S311 (ids that repeat with the seed)
        return Device(
            partial(speaking.post, self),
            models_from(ROOT / "interaction_model"),
            who.skill_id,
            self.speakers,
            who.pin,
            api_endpoint=self.urls["control"],
            ids=lambda: str(uuid.UUID(int=source.getrandbits(128), version=4)),
        )

    def start(self) -> None:
        """Open the ports, deploy, load the scenario; returns when every function has imported."""
        self._control.start()
        self._aws.start()
        self._loading()

    def stop(self) -> None:
        """End the children and free the ports."""
        self.gateway.stop()
        self._quiet(self.delivery.stop)
        self.functions.close()
        self._control.stop()
        self._aws.stop()

    def reset(self) -> int:
        """Back to the scenario as loaded; gives the milliseconds it took."""
        started = time.monotonic()
        with self._lock:
            self._quiet(self.delivery.reset)
            self._loading()
            self.durable = self._make_durable()
            self.device = self._make_device()
        return round((time.monotonic() - started) * 1000)

    def _quiet(self, end_delivery: Callable[[float], bool]) -> None:
        """End what runs, so that nothing of the old world writes into the new one."""
        self.durable.stop()
        ending = threading.Thread(target=end_delivery, args=(QUIET_SECONDS,), daemon=True)
        ending.start()
        deadline = time.monotonic() + QUIET_SECONDS
        while (ending.is_alive() or self.functions.busy()) and time.monotonic() < deadline:
            self.functions.kill()
            ending.join(STEP)

    def forget(self) -> None:
        """Drop what was recorded and ordered: calls, messages, logs, faults."""
        self.webhook.rows.clear()
        self.webhook.limit(on=False)
        self.functions.clear_logs()
        self.gateway.recorder.clear()
        self.gateway.faults.clear()

    def idle(self, seconds: float) -> dict[str, Any] | None:
        """None as soon as nothing runs or waits; what is still open when the time is over."""
        return settle(self, seconds)

    def voice(self, envelope: dict[str, Any]) -> Answer:
        """Send one raw Alexa envelope to the voice function, as Alexa does."""
        return self.functions.invoke("voice", envelope)

    def say(self, text: str, **who: Any) -> dict[str, Any]:
        """Type one sentence to the stand-in for Alexa."""
        return self.device.say(text, **who)

    def touch(self, arguments: list[Any], session: str, **who: Any) -> dict[str, Any]:
        """Tap on what the stand-in for Alexa shows."""
        return self.device.touch(arguments, session, **who)

    def directive(self, request: Request) -> Response:
        """What the skill has Alexa speak before its answer."""
        return self.device.directive(request)

    def put_world(self, document: dict[str, Any]) -> Any:
        """Set what no AWS call can create, at home or at the document's `place`."""
        place = document.get("place") or {"account": ACCOUNT, "region": REGION}
        rest = {name: part for name, part in document.items() if name != "place"}
        with MOTO:
            return world.put(rest, **place)

    def put_event(self, event: dict[str, Any]) -> Any:
        """Put one raw event on the default bus."""
        return self.delivery.put_event(event)

    def messages(self) -> list[dict[str, Any]]:
        """What Slack and the mail subscribers received, oldest first."""
        mail = [{"channel": "mail"} | row for row in list(self.delivery.mail)]
        return sorted([*self.webhook.rows, *mail], key=lambda row: row["at"])

    def runs(self) -> list[dict[str, Any]]:
        """The ledger's run records, newest last."""
        return read_runs(self.account.client("dynamodb"), self.account.stack.physical["TobanTable"])

    def ready(self) -> dict[str, Any]:
        """The line that `serve` prints."""
        who = self.account.people
        return (
            self.urls
            | self.speakers
            | {
                "region": REGION,
                "skill_id": who.skill_id,
                "pin": who.pin,
                "account": ACCOUNT,
                "member": member(self.document),
                "lockdown_topic": self.account.stack.physical.get("LockdownTopic"),
                "external_id": who.external_id,
                "principal": who.principal,
                **self.slack.ready(),
            }
        )

    def _enqueue(self, function: Function, event: Any) -> None:
        self.delivery.async_invoke(function.qualified_arn, event)
