"""What a cold start reads and imports. Its time is measured by `make bench`, never asserted."""

import ast
import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape
from fluent.runtime import FluentResource
from fluent.syntax import ast as fluent

from benchmarks import cold
from skill.actions import ACTIONS
from skill.aws import client
from skill.aws.client import DATA, Clients
from skill.words.book import _entries, _new_bundle, _parse, locales
from tests.world import ROOT, Sandbox
from tools import trim_models

AWS = trim_models.pinned()
SERVICES = sorted(path.name for path in DATA.iterdir() if path.is_dir())
HEAVY = {"boto3", "aws_durable_execution_sdk_python", "slack_sdk"}
ENVIRONMENT = {
    "TOBAN_TABLE": "table",
    "TOBAN_WORKFLOW_ARN": "arn",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "any",
    "AWS_SECRET_ACCESS_KEY": "any",
}


def fresh(code: str, environment: dict[str, str] = ENVIRONMENT) -> Any:
    """What the code prints last, as JSON, in a new process that has the voice's environment."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code],
        env={**environment, "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_the_data_is_what_the_script_makes_of_this_botocore_and_these_calls() -> None:
    made = {name: trim_models.text(content) for name, content in trim_models.files(AWS).items()}
    there = {str(path.relative_to(DATA)): path.read_text() for path in DATA.rglob("*.json")}
    stale = [name for name in made | there if made.get(name) != there.get(name)]
    assert stale == [], "run: python -m tools.trim_models"


def test_calls_are_found_in_the_adapters_by_name_and_by_pattern() -> None:
    wanted = trim_models.wanted(AWS)
    assert {"DescribeInstances", "CreateTags"} <= wanted["ec2"]
    assert {"RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"} <= wanted["ec2"]
    assert "Invoke" in wanted["lambda"]
    assert len(wanted["ec2"]) < 40


def called(path: Path) -> set[str]:
    """The operations that an adapter names where it calls."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    made = [one for one in calls if getattr(one.func, "attr", "") in ("call", "pages", "marked")]
    firsts = [one.args[0] for one in made if one.args]
    return {str(one.value) for one in firsts if isinstance(one, ast.Constant)}


def test_no_adapter_names_a_call_that_the_data_lacks() -> None:
    """Its client would be botocore's whole one, which takes a fifth of a second to make."""
    wanted = trim_models.wanted(AWS)
    for path in sorted((ROOT / "skill" / "aws").glob("*.py")):
        kept = {xform_name(name) for one in trim_models.services(path.stem) for name in wanted[one]}
        assert called(path) <= kept, path.name
    assert "list_findings" in called(ROOT / "skill" / "aws" / "inspector.py")


def models(service: str) -> tuple[ServiceModel, ServiceModel]:
    """Ours and botocore's."""
    ours = Loader(extra_search_paths=[str(DATA)], include_default_search_paths=False)
    loaded = [one.load_service_model(service, "service-2") for one in (ours, AWS)]
    return ServiceModel(loaded[0], service), ServiceModel(loaded[1], service)


@pytest.mark.parametrize("service", SERVICES)
def test_an_operation_is_described_as_botocore_does(service: str) -> None:
    ours, theirs = models(service)
    assert ours.operation_names
    assert described(ours.metadata) == described(theirs.metadata)
    for name in ours.operation_names:
        assert operation(ours.operation_model(name)) == operation(theirs.operation_model(name))


def operation(model: OperationModel) -> Any:
    shapes = [model.input_shape, model.output_shape, *model.error_shapes]
    facts = (model.http, model.auth, model.static_context_parameters, model.endpoint_discovery)
    return [described(facts), [tree(shape, ()) for shape in shapes]]


def tree(shape: Shape | None, above: tuple[str, ...]) -> Any:
    """A shape with all that it holds, without documentation; one that holds itself ends there."""
    if shape is None or shape.name in above:
        return shape and shape.name
    above = (*above, shape.name)
    parts: dict[str, Any] = {}
    if isinstance(shape, StructureShape):
        parts = {name: tree(member, above) for name, member in shape.members.items()}
    elif isinstance(shape, ListShape):
        parts = {"member": tree(shape.member, above)}
    elif isinstance(shape, MapShape):
        parts = {"key": tree(shape.key, above), "value": tree(shape.value, above)}
    facts = described((shape.serialization, shape.metadata))
    return [shape.name, shape.type_name, facts, parts]


def described(value: Any) -> Any:
    return trim_models.undocumented(json.loads(json.dumps(value, default=str)))


@pytest.mark.parametrize(
    ("service", "region"),
    list(product(SERVICES, ["us-east-1", "ap-northeast-1", "cn-north-1", "us-gov-west-1"])),
)
def test_endpoints_are_those_of_botocore(service: str, region: str) -> None:
    made = [
        client._own(trimmed).create_client(
            service, region, aws_access_key_id="any", aws_secret_access_key="any"
        )
        for trimmed in (True, False)
    ]
    ours, theirs = [(one.meta.endpoint_url, one.meta.partition) for one in made]
    assert ours == theirs


def test_a_call_that_the_data_lacks_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    service = client.Service(Clients())
    service.name = "ec2"
    assert not hasattr(service._clients("ec2"), "describe_vpc_peering_connections")
    assert service._operation("describe_vpc_peering_connections")


def test_without_the_data_botocore_serves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(client, "DATA", tmp_path)
    assert len(Clients()("ec2").meta.service_model.operation_names) > 500


def test_the_voice_imports_no_more_than_it_needs() -> None:
    loaded = fresh(
        "import json, sys, lambda_handler\n"
        "from skill.voice import door\n"
        "early = 'fluent' in sys.modules\n"
        "lambda_handler._voice()\n"
        "print(json.dumps([early, sorted(name.partition('.')[0] for name in sys.modules)]))"
    )
    assert loaded[0] is False, "Fluent is for the time in which AWS answers"
    assert HEAVY.isdisjoint(loaded[1])


def test_the_voice_reads_our_data_only() -> None:
    opened = fresh(
        "import json, sys\n"
        "seen = []\n"
        "sys.addaudithook(lambda name, args: name == 'open' and seen.append(str(args[0])))\n"
        "import lambda_handler\n"
        "lambda_handler._voice()\n"
        "print(json.dumps([path for path in seen if path.endswith(('.json', '.json.gz'))]))"
    )
    assert opened
    assert [path for path in opened if not path.startswith(str(DATA))] == []
    assert len(opened) == len(set(opened)), "a file is read twice"


def test_the_first_launch_reads_our_data_only(running: Sandbox) -> None:
    """A call that our data lacks would have botocore read its own."""
    launch = running.talk().envelope({"type": "LaunchRequest"})
    opened = fresh(
        "import json, os, sys\n"
        "seen = []\n"
        "sys.addaudithook(lambda name, args: name == 'open' and seen.append(str(args[0])))\n"
        "import lambda_handler\n"
        f"lambda_handler.voice({launch!r}, None)\n"
        "print(json.dumps([path for path in seen if path.endswith(('.json', '.json.gz'))]))\n"
        "sys.stdout.flush()\n"
        "os._exit(0)",
        cold.environment(running),
    )
    assert any("inspector2" in path for path in opened), "this launch asks Inspector"
    assert [path for path in opened if not path.startswith(str(DATA))] == []


def test_the_launch_imports_no_action_that_it_does_not_use() -> None:
    loaded = fresh(
        "import json, sys, lambda_handler\n"
        "lambda_handler._voice()\n"
        "print(json.dumps([name for name in sys.modules if name.startswith('skill.actions.')]))"
    )
    assert not {f"skill.actions.{name}" for name in ACTIONS} & set(loaded)


def test_lambda_initialises_the_voice_with_a_whole_processor() -> None:
    made = fresh(
        "import gc, json, os\n"
        "os.environ['_HANDLER'] = 'lambda_handler.voice'\n"
        "import lambda_handler\n"
        "print(json.dumps([lambda_handler._voice.cache_info().currsize, gc.isenabled()]))"
    )
    assert made == [1, True]


@pytest.mark.parametrize("locale", locales())
def test_a_sentence_parsed_alone_is_that_of_the_whole_book(locale: str) -> None:
    text = (ROOT / "skill" / "words" / f"{locale}.ftl").read_text(encoding="utf-8")
    rows = FluentResource(text).body
    whole = {row.id.name: row for row in rows if isinstance(row, fluent.Message | fluent.Term)}
    assert not [row for row in rows if isinstance(row, fluent.Junk)]
    assert set(_entries(locale)) == {
        ("-" if isinstance(row, fluent.Term) else "") + name for name, row in whole.items()
    }
    for name, row in whole.items():
        _parse(locale, name)
        alone = _new_bundle(locale)._messages.get(name) or _new_bundle(locale)._terms[name]
        assert row.equals(alone, ignored_fields=["span", "comment"]), name
