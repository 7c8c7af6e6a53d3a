"""What is found out once is the same as what moto and botocore find out each time."""

import random
from collections.abc import Callable
from pathlib import Path

import botocore.session
import pytest
from moto.core.base_backend import BackendDict
from moto.core.loaders import create_loader
from moto.core.serialize import AttributePickerContext, XFormedAttributePicker
from moto.core.utils import get_service_model, method_names_from_class
from moto.ec2.models.instances import Instance
from moto.ec2.responses import EC2Response
from moto.ec2.utils import HEX_CHARS
from moto.moto_api._internal import mock_random
from moto.moto_api._internal.moto_random import MotoRandom
from moto.sqs.models import sqs_backends
from samtranslator.yaml_helper import yaml_parse
from yaml import YAMLError

from sandbox import ext, service_models
from sandbox.ext import speed
from sandbox.ext.speed import _random_resource_id as random_resource_id
from sandbox.runtime import templates
from sandbox.runtime.processes import ROOT


def data(service: str) -> object:
    loader = botocore.session.Session().get_component("data_loader")
    return loader.load_service_model(service, "service-2")


def test_sessions_share_a_model_and_moto_has_its_own() -> None:
    ext.install()
    assert data("sqs") is data("sqs")
    assert create_loader().load_service_model("sqs", "service-2") is not data("sqs")


def test_the_methods_of_a_class_are_all_there() -> None:
    ext.install()
    assert list(speed._method_names(EC2Response)) == method_names_from_class(EC2Response)
    assert "describe_instances" in speed._method_names(EC2Response)


def test_an_account_is_made_when_it_is_asked_for() -> None:
    ext.install()
    try:
        assert "999999999999" not in sqs_backends
        made = sqs_backends["999999999999"]
        assert made is sqs_backends["999999999999"]
        assert any(each is sqs_backends for each in BackendDict._instances)  # type: ignore[misc]
    finally:
        sqs_backends.pop("999999999999", None)


@pytest.mark.parametrize("more", [{}, {"include_digits": False}, {"lower_case": True}], ids=str)
def test_random_text_is_what_single_letters_would_be(more: dict[str, bool]) -> None:
    ext.install()
    ours, drawn = MotoRandom(), random.Random()
    ours.seed(7)
    drawn.seed(7)
    made = ours.get_random_string(52, **more)
    pool = speed.ascii_letters + speed.digits * more.get("include_digits", True)
    wanted = "".join(drawn.choice(pool) for _ in range(52))
    assert made == (wanted.lower() if more.get("lower_case") else wanted)
    assert ours.random() == drawn.random()


@pytest.mark.parametrize(
    "make", [lambda size: mock_random.get_random_hex(size), random_resource_id]
)
def test_hexadecimal_ids_are_what_single_digits_would_be(make: Callable[[int], str]) -> None:
    ext.install()
    drawn, before = random.Random(), mock_random.getstate()
    try:
        mock_random.seed(7)
        drawn.seed(7)
        assert make(17) == "".join(str(drawn.choice(HEX_CHARS)) for _ in range(17))
        assert mock_random.random() == drawn.random()
    finally:
        mock_random.setstate(before)


def test_the_services_are_those_that_botocore_finds() -> None:
    for loader in (create_loader(), botocore.session.Session().get_component("data_loader")):
        for kind in ("service-2", "paginators-1"):
            assert loader.list_available_services(kind) == service_models._list(loader, kind)


@pytest.mark.parametrize("name", ["template.yaml", "template-member.yaml"])
def test_a_template_is_read_as_sam_reads_it(name: str) -> None:
    assert templates.parsed(ROOT / name) == yaml_parse((ROOT / name).read_text())


def test_a_template_that_cannot_be_read_is_told_in_sams_words(tmp_path: Path) -> None:
    text = "Resources: [unclosed"
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(YAMLError) as ours:
        templates.parsed(tmp_path / "bad.yaml")
    with pytest.raises(YAMLError) as sams:
        yaml_parse(text)
    assert str(ours.value) == str(sams.value)


@pytest.mark.parametrize("kind", [dict, Instance])
def test_the_names_of_a_member_are_found_once(kind: type) -> None:
    ext.install()
    model = get_service_model("ec2")
    operation = model.operation_model("DescribeInstances")
    shape = model.shape_for("Instance")
    for name, member in shape.members.items():
        member.parent = shape
        thing = kind.__new__(kind)
        context = AttributePickerContext(thing, name, member, operation, model, name)
        picker = XFormedAttributePicker()
        names = tuple(speed._possible_keys(picker, context))
        assert names == picker.get_possible_keys(context) == picker.get_possible_keys(context)


def test_a_member_of_a_dictionary_is_found_under_each_of_its_names() -> None:
    ext.install()
    model = get_service_model("ec2")
    operation = model.operation_model("DescribeInstances")
    shape = model.shape_for("Instance")
    member = shape.members["InstanceId"]
    member.parent = shape
    for there in ({"InstanceId": None}, {"instance_id": 1}, {"Id": 2}, {"instanceId": 3}, {}):
        context = AttributePickerContext(there, "InstanceId", member, operation, model, "")
        picker = XFormedAttributePicker()
        assert picker(context) == speed._picked(picker, context) == next(iter(there.values()), None)
