"""Writes skill/aws/data: of botocore's descriptions of AWS, the part that Toban calls.

Most of what a client costs to make is reading files: EC2's model has 800 operations and EC2's
partitions list 300 services. The copies hold the operations named in skill/aws/*.py with every
shape that they need, in botocore's own words but without the documentation. Run it after a new
call or a new botocore: `python -m tools.trim_models`. A test compares its result with the files.
"""

import ast
import importlib
import json
import shutil
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from botocore import xform_name
from botocore.loaders import JSONFileLoader, Loader

from skill.aws.client import Service

ROOT = Path(__file__).resolve().parent.parent
ADAPTERS = ROOT / "skill" / "aws"
TARGET = ADAPTERS / "data"

# What botocore itself may call to get credentials, on a machine that has none in its environment.
CREDENTIALS = {
    "sso": {"GetRoleCredentials"},
    "sso-oidc": {"CreateToken"},
    "sts": {"AssumeRole", "AssumeRoleWithWebIdentity"},
}
WHOLE = ("partitions", "sdk-default-configuration", "_retry")
_DOCUMENTATION = {"documentation", "documentationUrl"}

Json = dict[str, Any]
Files = dict[str, Json]


def main() -> None:
    """Write the folder anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    for name, content in files(pinned()).items():
        path = TARGET / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(content), encoding="utf-8")


def text(content: Json) -> str:
    """One line per entry of the second level: short enough to review, quick enough to load."""
    rows = [f"{_json(key)}:{_rows(value)}" for key, value in content.items()]
    return "{" + ",\n".join(rows) + "}\n"


def _rows(value: Any) -> str:
    if not isinstance(value, dict):
        return _json(value)
    return "{\n" + ",\n".join(f"{_json(key)}:{_json(row)}" for key, row in value.items()) + "}"


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def pinned() -> Loader:
    """What the installed botocore brings, without what this machine adds in ~/.aws/models."""
    return Loader(
        extra_search_paths=[Loader.BUILTIN_DATA_PATH],
        include_default_search_paths=False,
        file_loader=JSONFileLoader(),  # the sandbox's shares what it has read with whoever asks
    )


def files(loader: Loader) -> Files:
    """Every file by its path below the folder."""
    found: Files = {f"{name}.json": loader.load_data(name) for name in WHOLE}
    prefixes = set()
    for service, operations in wanted(loader).items():
        version = loader.determine_latest_version(service, "service-2")
        model = trimmed(loader.load_service_model(service, "service-2"), operations)
        rules = loader.load_service_model(service, "endpoint-rule-set-1")
        found[f"{service}/{version}/service-2.json"] = model
        found[f"{service}/{version}/endpoint-rule-set-1.json"] = undocumented(rules)
        prefixes |= {service, model["metadata"]["endpointPrefix"]}
    return found | {"endpoints.json": _endpoints(loader.load_data("endpoints"), prefixes)}


def wanted(loader: Loader) -> dict[str, set[str]]:
    """The operations to keep, by service."""
    found = {service: set(names) for service, names in CREDENTIALS.items()}
    for path in sorted(ADAPTERS.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        patterns = {each for node in ast.walk(tree) for each in _patterns(node)} - {"*"}
        for service in services(path.stem):
            model = loader.load_service_model(service, "service-2")
            names = {name for name in model["operations"] if _named(name, patterns)}
            found[service] = found.get(service, set()) | names
    return found


def services(module: str) -> set[str]:
    """The services of one of our adapters: `name` of its own classes, which they may inherit."""
    loaded = importlib.import_module(f"skill.aws.{module}")
    classes = [one for one in vars(loaded).values() if isinstance(one, type)]
    own = [one for one in classes if one.__module__ == loaded.__name__]
    return {one.name for one in own if issubclass(one, Service) and one.name}


def _patterns(node: ast.AST) -> Iterator[str]:
    """A string as it is; of an f-string the fixed parts, with `*` for what is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "*" for part in node.values]
        yield "".join(map(str, parts))


def _named(operation: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(xform_name(operation), pattern) for pattern in patterns)


def trimmed(model: Json, names: set[str]) -> Json:
    """A service model with these operations only, and the one that finds endpoints, if any."""
    operations = {
        name: row
        for name, row in model["operations"].items()
        if name in names or row.get("endpointoperation")
    }
    used = reachable(model["shapes"], _references(operations))
    shapes = {name: row for name, row in model["shapes"].items() if name in used}
    whole: Json = undocumented({**model, "operations": operations, "shapes": shapes})
    # botocore reads the documentation of these and fails without it.
    read = {name: model[name] for name in ("clientContextParams",) if name in model}
    return whole | read


def reachable(shapes: Json, start: Iterable[str]) -> set[str]:
    """The names of the shapes that these refer to, and so on."""
    seen: set[str] = set()
    ahead = list(start)
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += _references(shapes[name])
    return seen


def _references(value: Any) -> Iterator[str]:
    """Every {"shape": name} in a part of a model."""
    if isinstance(value, dict):
        if isinstance(value.get("shape"), str):
            yield value["shape"]
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _references(each)


def undocumented(value: Any) -> Any:
    """The same without documentation; a member may bear that name, but is no text."""
    if isinstance(value, list):
        return [undocumented(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: undocumented(each)
        for key, each in value.items()
        if key not in _DOCUMENTATION or not isinstance(each, str)
    }


def _endpoints(whole: Json, services: set[str]) -> Json:
    """Every partition and Region, but the endpoints of these services only."""

    def kept(partition: Json) -> Json:
        return {name: row for name, row in partition["services"].items() if name in services}

    return {**whole, "partitions": [{**row, "services": kept(row)} for row in whole["partitions"]]}


if __name__ == "__main__":
    main()
