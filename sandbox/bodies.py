"""What the control URL makes of a body."""

from typing import Any

from sandbox.runtime.servers import Request


class Bad(ValueError):
    """A request that cannot be served; the message says why."""


def object_of(request: Request) -> dict[str, Any]:
    try:
        value = request.json()
    except ValueError as error:
        raise Bad(f"body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Bad("body must be a JSON object")
    return value
