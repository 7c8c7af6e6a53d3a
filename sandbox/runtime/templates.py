"""Templates as they are written, with the short forms of intrinsic functions spelt out."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from samtranslator.yaml_helper import intrinsics_multi_constructor, yaml_parse


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's loader in C, where it has one: it takes a tenth of the third of a second."""


_Loader.add_multi_constructor("!", intrinsics_multi_constructor)


@lru_cache
def parsed(path: Path) -> dict[str, Any]:
    """A template as SAM's own reader reads it, which also says what is wrong with one."""
    text = path.read_text(encoding="utf-8")
    try:
        found: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506 (it is a safe one)
    except yaml.YAMLError:
        found = yaml_parse(text)
    return found
