"""Event source mappings of queues: switched on and off asynchronously, busy meanwhile.

Guessed: how long a change takes; that polling ends and begins when the change is asked for, not
when it is done; that an update which leaves `Enabled` as it is takes no time. Unverified: a list
by function shows what was made under exactly that name or qualifier, as a list by a bare name does
not show the mappings of an alias.
"""

from collections.abc import Iterator
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.sqs.models import sqs_backends

from sandbox.clock import CLOCK
from sandbox.ext import sqs_sources
from sandbox.systems import progress

from .functions_base import Params, arn, fail, find, page, serve, split

SECONDS = 20.0
PAGE = 100


def _now() -> float:
    return CLOCK.now().timestamp()


def state(mapping: Any) -> str:
    """What a mapping is, or is becoming."""
    word, due = mapping.__dict__.get("ext_moving", ("", 0.0))
    return word if _now() < due else "Enabled" if mapping.enabled else "Disabled"


def _move(mapping: Any, word: str) -> None:
    mapping.ext_moving = (word, _now() + SECONDS)


def settle(backend: Any) -> None:
    """End every change at once."""
    for mapping in backend._event_source_mappings.values():
        mapping.ext_moving = ("", 0.0)


def _function(backend: Any, mapping: Any) -> tuple[str, str | None]:
    return split(backend, str(mapping.function_name))


def _shown(backend: Any, mapping: Any) -> Params:
    shown = dict(mapping.get_configuration())
    shown.pop("Tags", None)
    return shown | {
        "FunctionArn": arn(backend, *_function(backend, mapping)),
        "State": state(mapping),
        "StateTransitionReason": "USER_INITIATED",
    }


def _mapping(backend: Any, params: Params) -> Any:
    found = backend.get_event_source_mapping(params["UUID"])
    if found is None:
        fail("ResourceNotFoundException", "The resource you requested does not exist.")
    return found


def _idle(backend: Any, params: Params, verb: str) -> Any:
    """A mapping that is not in a change."""
    found = _mapping(backend, params)
    if state(found) not in ("Enabled", "Disabled"):
        text = f"Cannot {verb} the event source mapping because it is in use."
        fail("ResourceInUseException", text)
    return found


def create_event_source_mapping(backend: Any, params: Params) -> Params:
    """Let a function take what comes into a queue."""
    _, *named = find(backend, params)
    for each in backend._event_source_mappings.values():
        same = _function(backend, each) == tuple(named)
        if same and each.event_source_arn == params.get("EventSourceArn"):
            text = f'An event source mapping with SQS arn (" {each.event_source_arn} ") and'
            text += f' function (" {named[0]} ") already exists. Please update or delete the'
            fail("ResourceConflictException", f"{text} existing mapping with UUID {each.uuid}")
    made = backend.create_event_source_mapping(dict(params))
    _move(made, "Creating")
    return _shown(backend, made)


def get_event_source_mapping(backend: Any, params: Params) -> Params:
    """One mapping."""
    return _shown(backend, _mapping(backend, params))


def list_event_source_mappings(backend: Any, params: Params) -> Params:
    """A page of mappings, of one queue or one function if asked so."""
    found = list(backend._event_source_mappings.values())
    if source := params.get("EventSourceArn"):
        found = [each for each in found if each.event_source_arn == source]
    if name := params.get("FunctionName"):
        _, *named = find(backend, {"FunctionName": name})
        found = [each for each in found if _function(backend, each) == tuple(named)]
    rows = [_shown(backend, each) for each in found]
    return page(params, "EventSourceMappings", rows, PAGE)


def update_event_source_mapping(backend: Any, params: Params) -> Params:
    """Change a mapping; switching it on or off takes its time."""
    found = _idle(backend, params, "update")
    before = found.enabled
    changes = {key: value for key, value in params.items() if key != "UUID"}
    backend.update_event_source_mapping(found.uuid, changes)
    if found.enabled != before:
        _move(found, "Enabling" if found.enabled else "Disabling")
    if found.enabled and not before:
        _poll(backend, found)
    return _shown(backend, found)


def _poll(backend: Any, mapping: Any) -> None:
    """Tell the delivery of a queue that may have filled meanwhile."""
    for queue in _queues(backend, mapping):
        for take in list(sqs_sources.ARRIVALS):
            take(queue)


def _queues(backend: Any, mapping: Any) -> list[Any]:
    known = sqs_backends[backend.account_id][backend.region_name].queues.values()
    return [each for each in known if each.queue_arn == mapping.event_source_arn]


def delete_event_source_mapping(backend: Any, params: Params) -> Params:
    """Delete a mapping; here it is gone at once."""
    found = _idle(backend, params, "delete")
    shown = _shown(backend, found) | {"State": "Deleting"}
    found.enabled = False
    for queue in _queues(backend, found):
        kept = queue.lambda_event_source_mappings
        queue.lambda_event_source_mappings = {
            key: each for key, each in kept.items() if each is not found
        }
    backend.delete_event_source_mapping(found.uuid)
    return shown


def _pending() -> Iterator[float]:
    for regions in list(lambda_backends.values()):
        for backend in list(regions.values()):
            for mapping in list(backend._event_source_mappings.values()):
                _, due = mapping.__dict__.get("ext_moving", ("", 0.0))
                if due > _now():
                    yield due


def install() -> None:
    """Put the strict operations in place of moto's."""
    serve(
        {
            "CreateEventSourceMapping": create_event_source_mapping,
            "GetEventSourceMapping": get_event_source_mapping,
            "ListEventSourceMappings": list_event_source_mappings,
            "UpdateEventSourceMapping": update_event_source_mapping,
            "DeleteEventSourceMapping": delete_event_source_mapping,
        }
    )
    if _pending not in progress.PENDING:
        progress.PENDING.append(_pending)
