"""Clients and the one place where botocore's errors become ours.

The voice function's cold start pays for every import and every file: botocore is used without
boto3's resource layer, and reads the part of its data that we use (tools/trim_models.py).
"""

import functools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import CredentialProvider, CredentialResolver, Credentials
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError
from botocore.loaders import Loader

from skill import errors

# What CloudTrail calls us by in a call's `userAgent`. botocore would put its own together anew for
# each call, from thirty parts: a tenth of the call.
NAME = "toban"


def _config(connect: float, read: float, attempts: int) -> Config:
    """Seconds until a call is given up, and how often it is tried in all."""
    return Config(
        connect_timeout=connect,
        read_timeout=read,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        max_pool_connections=64,
        user_agent=NAME,
    )


# Somebody is waiting for a spoken answer: give up while there is still time to say so (alexa.md
# §1).
VOICE = _config(connect=1, read=2, attempts=2)
# Slack shows a failure after three seconds, and a press makes a few calls one after the other: room
# for one of them that hangs.
PRESS = _config(connect=0.9, read=0.9, attempts=2)
PATIENT = _config(connect=3, read=20, attempts=5)

DATA = Path(__file__).parent / "data"

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
    """One client per service, made at first use. Making one is not thread-safe in botocore.

    Without `region` and `credentials` they are the function's own.
    """

    def __init__(
        self, config: Config = VOICE, region: str = "", credentials: Credentials | None = None
    ) -> None:
        self.config = config
        self._region = region or None
        self._credentials = credentials
        self._lock = threading.Lock()
        self._made: dict[tuple[str, bool], Any] = {}

    def __call__(self, service: str) -> Any:
        """The client, with the operations that we call where our data has them."""
        return self._client(service, (DATA / service).is_dir())

    def made(self, service: str) -> bool:
        """Whether the client is there already: making one takes some 10 ms."""
        return any(name == service for name, _ in list(self._made))

    def whole(self, service: str) -> Any:
        """The client with every operation that botocore knows."""
        return self._client(service, trimmed=False)

    def _client(self, service: str, trimmed: bool) -> Any:
        """Who asks for one that is there does not wait for one that is being made."""
        if (service, trimmed) not in self._made:
            with self._lock:
                self._make(service, trimmed)
        return self._made[service, trimmed]

    def _make(self, service: str, trimmed: bool) -> None:
        if (service, trimmed) not in self._made:
            session = self._session(trimmed)
            client = session.create_client(service, self._region, config=self.config)
            self._made[service, trimmed] = client

    def _session(self, trimmed: bool) -> botocore.session.Session:
        if self._credentials is None:
            return _own(trimmed)
        session = _new(trimmed)
        resolver = CredentialResolver([_Given(self._credentials)])
        session.register_component("credential_provider", resolver)
        return session


class _Given(CredentialProvider):  # type: ignore[misc]
    """Credentials that we hold already, where botocore looks for some."""

    METHOD = "toban"

    def __init__(self, credentials: Credentials) -> None:
        super().__init__()
        self._credentials = credentials

    def load(self) -> Credentials:
        return self._credentials


@functools.cache
def _own(trimmed: bool) -> botocore.session.Session:
    return _new(trimmed)


def _new(trimmed: bool) -> botocore.session.Session:
    """With botocore's own folder left out when ours will do: looking through it takes 20 ms."""
    session = botocore.session.get_session()
    if trimmed:
        loader = Loader(extra_search_paths=[str(DATA)], include_default_search_paths=False)
        session.register_component("data_loader", loader)
    return session


class Service:
    """Calls of one service by operation name, with errors translated.

    `busy` are codes of the service by which it says that it is still at work on the thing: worth
    another try.
    """

    name = ""
    busy: tuple[str, ...] = ()

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """One call. Raises Denied, Gone, Conflict, Throttled or Unavailable."""
        try:
            answer: dict[str, Any] = self._operation(operation)(**params)
        except ClientError as error:
            raise translate(error, self.busy) from error
        except (ConnectTimeoutError, ReadTimeoutError) as error:
            raise errors.Unavailable(operation=operation, service=self.name) from error
        except BotoCoreError as error:
            raise _local(error, operation, self.name) from error
        return answer

    def _operation(self, name: str) -> Callable[..., dict[str, Any]]:
        """A call that our data does not know yet works all the same; a test tells of it."""
        client = self._clients(self.name)
        known = client if hasattr(client, name) else self._clients.whole(self.name)
        found: Callable[..., dict[str, Any]] = getattr(known, name)
        return found

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

    def marked(self, operation: str, field: str, **params: Any) -> Iterator[dict[str, Any]]:
        """As `pages`, where AWS answers with a marker and takes it back under another name."""
        marker: dict[str, str] = {}
        while True:
            page = self.call(operation, **params, **marker)
            yield from page.get(field, ())
            following = page.get("NextMarker") or page.get("Marker")
            if not following or page.get("IsTruncated") is False:
                return
            marker = {"Marker": following}


def translate(error: ClientError, busy: tuple[str, ...] = ()) -> errors.TobanError:
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
    kind = errors.Unavailable if code in busy else errors.Conflict
    return kind(**facts, detail=error.response["Error"].get("Message", "")[:300])


def _local(error: BotoCoreError, operation: str, service: str) -> errors.TobanError:
    """Connection trouble is worth another try; anything else that botocore raises is our own
    mistake.
    """
    kind = type(error).__name__
    if "Connection" in kind or "Endpoint" in kind or "HTTPClient" in kind:
        return errors.Unavailable(operation=operation, service=service)
    return errors.BadRequest(operation=operation, code=kind, detail=str(error)[:300])
