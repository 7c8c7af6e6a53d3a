"""Clients and the one place where botocore's errors become ours.

botocore is used without boto3's resource layer: the voice function's cold start pays for every
import.
"""

import functools
import threading
from collections.abc import Iterator
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError

from skill import errors

# Somebody is waiting for a spoken answer: give up while there is still time to say so (alexa.md
# §1).
VOICE = Config(
    connect_timeout=1,
    read_timeout=2,
    retries={"total_max_attempts": 2, "mode": "standard"},
    max_pool_connections=64,
)
PATIENT = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"total_max_attempts": 5, "mode": "standard"},
    max_pool_connections=64,
)

_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthFailure"}
_THROTTLED = {
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "LimitExceededException",
}


class Clients:
    """One client per service, made at first use. Making one is not thread-safe in botocore."""

    def __init__(self, config: Config = VOICE) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        with self._lock:
            if service not in self._made:
                self._made[service] = _session().create_client(service, config=self._config)
            return self._made[service]


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


class Service:
    """Calls of one service by operation name, with errors translated."""

    name = ""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """One call. Raises Denied, Gone, Conflict, Throttled or Unavailable."""
        try:
            answer: dict[str, Any] = getattr(self._clients(self.name), operation)(**params)
        except ClientError as error:
            raise translate(error) from error
        except (ConnectTimeoutError, ReadTimeoutError) as error:
            raise errors.Unavailable(operation=operation, service=self.name) from error
        except BotoCoreError as error:
            raise _local(error, operation, self.name) from error
        return answer

    def pages(self, operation: str, field: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Every item of every page, for workflows; a voice turn has no time for a second page."""
        token: dict[str, str] = {}
        while True:
            page = self.call(operation, **params, **token)
            yield from page.get(field, ())
            name = next((n for n in ("nextToken", "NextToken") if page.get(n)), None)
            if name is None:
                return
            token = {name: page[name]}


def translate(error: ClientError) -> errors.TobanError:
    """A ClientError as one of ours; the code is kept, the message (which may hold ids) is not
    spoken.
    """
    code = error.response["Error"].get("Code", "")
    facts = {"operation": error.operation_name, "code": code}
    if code in _DENIED:
        return errors.Denied(**facts)
    if code in _THROTTLED:
        return errors.Throttled(**facts)
    if "NotFound" in code or code in ("NoSuchEntity", "ResourceNotFoundException"):
        return errors.Gone(**facts)
    if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400) >= 500:
        return errors.Unavailable(**facts)
    return errors.Conflict(**facts, detail=error.response["Error"].get("Message", "")[:300])


def _local(error: BotoCoreError, operation: str, service: str) -> errors.TobanError:
    """Connection trouble is worth another try; anything else that botocore raises is our own
    mistake.
    """
    kind = type(error).__name__
    if "Connection" in kind or "Endpoint" in kind or "HTTPClient" in kind:
        return errors.Unavailable(operation=operation, service=service)
    return errors.BadRequest(operation=operation, code=kind, detail=str(error)[:300])
