"""botocore's service models, parsed once in a process, not once in a session."""

from typing import Any

from botocore import loaders
from moto.core import loaders as moto_loaders


class Once(loaders.JSONFileLoader):  # type: ignore[misc]
    """Remembers what it has read."""

    _known: dict[str, Any] = {}

    def load_file(self, file_path: str) -> Any:
        """The content of a file, None if there is no such file."""
        if file_path not in self._known:
            self._known[file_path] = super().load_file(file_path)
        return self._known[file_path]


_list: Any = loaders.Loader.list_available_services
_services: dict[tuple[str, ...], list[str]] = {}


def _list_once(self: Any, type_name: str) -> list[str]:
    """Which services there are: botocore looks into four hundred folders, once for each session."""
    key = type_name, *self.search_paths
    if key not in _services:
        _services[key] = _list(self, type_name)
    return list(_services[key])


def parse_models_once() -> None:
    """Before anything makes a session: EC2's model alone takes a fifth of a second each time.

    moto merges additions into its models, so it keeps models of its own.
    """
    loaders.Loader.list_available_services = _list_once
    loaders.Loader.FILE_LOADER_CLASS = Once
    moto_loaders.Loader.FILE_LOADER_CLASS = loaders.JSONFileLoader
