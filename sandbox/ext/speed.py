"""What moto and botocore find out again and again, found out once. No answer changes by it."""

from functools import lru_cache
from typing import Any

from botocore import loaders
from moto.core import loaders as moto_loaders
from moto.core import responses
from moto.core.base_backend import BackendDict
from moto.moto_server import werkzeug_app


class Once(loaders.JSONFileLoader):  # type: ignore[misc]
    """Parses each service model once in a process, not once in a session."""

    _known: dict[str, Any] = {}

    def load_file(self, file_path: str) -> Any:
        """The content of a file, None if there is no such file."""
        if file_path not in self._known:
            self._known[file_path] = super().load_file(file_path)
        return self._known[file_path]


def parse_models_once() -> None:
    """Before anything makes a session: EC2's model alone takes a fifth of a second each time.

    moto merges additions into its models, so it keeps models of its own.
    """
    loaders.Loader.FILE_LOADER_CLASS = Once
    moto_loaders.Loader.FILE_LOADER_CLASS = loaders.JSONFileLoader


_method_names = lru_cache(maxsize=None)(responses.method_names_from_class)
_account: Any = BackendDict.__getitem__


def _known_account(self: Any, account_id: str) -> Any:
    """One look where moto walks through all backends with each access."""
    found = self.get(account_id)
    return _account(self, account_id) if found is None else found


def install() -> None:
    """Remember which methods a class has; send no CORS headers, as AWS sends none."""
    backends: Any = BackendDict
    backends.__getitem__ = _known_account
    _method_names.cache_clear()
    responses.method_names_from_class = _method_names
    werkzeug_app.DISABLE_GLOBAL_CORS = True
