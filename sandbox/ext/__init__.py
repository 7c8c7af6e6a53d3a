"""What moto lacks or gets wrong, one module per service. Each module has an idempotent
`install()`.
"""

import importlib
import pkgutil

from sandbox.service_models import parse_models_once

parse_models_once()

_installed: set[str] = set()


def install() -> None:
    """Install every extension once; a second call does nothing (wrapping twice would deliver
    twice).
    """
    for module in pkgutil.iter_modules(__path__):
        if module.name not in _installed:
            importlib.import_module(f"{__name__}.{module.name}").install()
            _installed.add(module.name)
