"""Lambda's settings for asynchronous events: moto keeps no dead-letter target, one stale config."""

from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import UnknownEventConfig
from moto.awslambda.models import EventInvokeConfig, LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import ActionResult

from sandbox.delivery.overrides import override

_installed = False


def install() -> None:
    """Keep DeadLetterConfig, and one event invoke config per qualifier."""
    global _installed
    if _installed:
        return
    _installed = True
    _keep_dead_letter_config()
    for verb, method in _METHODS.items():
        override(LambdaBackend, f"{verb}_function_event_invoke_config", method)
        override(LambdaResponse, f"{verb}_function_event_invoke_config", _ANSWERS[verb])


def dead_letter_arn(function: Any) -> str | None:
    """The queue or topic that gets the events a function could not process."""
    config = function.__dict__.get("dead_letter_config") or {}
    return config.get("TargetArn") or None


def event_invoke_config(function: Any, qualifier: str | None) -> dict[str, Any]:
    """The config for a qualifier; one that was stored without a qualifier counts for all."""
    configs = {row.__dict__.get("qualifier"): row.config for row in function.event_invoke_config}
    return configs.get(qualifier or "$LATEST") or configs.get(None) or {}


def _keep_dead_letter_config() -> None:
    original_init = LambdaFunction.__init__
    original_create = vars(LambdaFunction)["create_from_cloudformation_json"].__func__
    original_configuration = LambdaFunction.get_configuration

    @wraps(original_init)
    def init(self: Any, account_id: str, spec: dict[str, Any], *args: Any, **named: Any) -> None:
        original_init(self, account_id, spec, *args, **named)
        self.dead_letter_config = spec.get("DeadLetterConfig")

    @wraps(original_create)
    def create(cls: Any, resource_name: str, document: Any, *args: Any, **named: Any) -> Any:
        function = original_create(cls, resource_name, document, *args, **named)
        function.dead_letter_config = document["Properties"].get("DeadLetterConfig")
        return function

    @wraps(original_configuration)
    def configuration(self: Any, on_create: bool = False) -> dict[str, Any]:
        config = original_configuration(self, on_create)
        if dead_letter_arn(self):
            config["DeadLetterConfig"] = self.dead_letter_config
        return config

    replaced = {
        "__init__": init,
        "create_from_cloudformation_json": classmethod(create),
        "get_configuration": configuration,
    }
    for name, function in replaced.items():
        override(LambdaFunction, name, function)


def _put_config(self: Any, function_name: str, config: dict[str, Any]) -> dict[str, Any]:
    """Replace the config of one qualifier (moto appends, and goes on reading the first)."""
    function = self.get_function(function_name)
    qualifier = _qualifier(function_name)
    modified = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    arn = function.function_arn.split(":function:")[0] + f":function:{function.function_name}"
    stored: Any = EventInvokeConfig(f"{arn}:{qualifier}" if qualifier else arn, modified, config)
    stored.qualifier = qualifier
    kept = [
        row for row in function.event_invoke_config if row.__dict__.get("qualifier") != qualifier
    ]
    # In place: versions share the list of the function they were published from.
    function.event_invoke_config[:] = [stored, *kept]
    return stored.response()


def _qualifier(name: str) -> str | None:
    parts = name.split(":")
    if parts[0] == "arn":
        return parts[7] if len(parts) > 7 else None
    return parts[1] if len(parts) > 1 else None


def _get_config(self: Any, function_name: str) -> dict[str, Any]:
    function = self.get_function(function_name)
    qualifier = _qualifier(function_name)
    for row in function.event_invoke_config:
        if row.__dict__.get("qualifier") == qualifier:
            return dict(row.response())
    raise UnknownEventConfig(function.function_arn)


def _update_config(self: Any, function_name: str, config: dict[str, Any]) -> dict[str, Any]:
    old = _get_config(self, function_name)
    kept = {key: value for key, value in old.items() if key not in ("FunctionArn", "LastModified")}
    return _put_config(self, function_name, kept | config)


def _delete_config(self: Any, function_name: str) -> None:
    arn = _get_config(self, function_name)["FunctionArn"]
    configs = self.get_function(function_name).event_invoke_config
    configs[:] = [row for row in configs if row.arn != arn]


def _named(response: Any) -> str:
    """The function of a request, with its qualifier; `/functions/NAME/event-invoke-config`."""
    name = unquote(response.path.rstrip("/").rsplit("/", 2)[-2])
    qualifier = response.querystring.get("Qualifier", [None])[0]
    return f"{name}:{qualifier}" if qualifier else name


def _put(self: Any) -> ActionResult:
    return ActionResult(_put_config(self.backend, _named(self), dict(self.json_body)))


def _get(self: Any) -> ActionResult:
    return ActionResult(_get_config(self.backend, _named(self)))


def _update(self: Any) -> ActionResult:
    return ActionResult(_update_config(self.backend, _named(self), dict(self.json_body)))


def _delete(self: Any) -> tuple[int, dict[str, int], str]:
    _delete_config(self.backend, _named(self))
    return 204, {"status": 204}, ""


_METHODS = {
    "put": _put_config,
    "get": _get_config,
    "update": _update_config,
    "delete": _delete_config,
}
_ANSWERS = {"put": _put, "get": _get, "update": _update, "delete": _delete}
