"""What is found out once is the same as what moto and botocore find out each time."""

import botocore.session
from moto.core.base_backend import BackendDict
from moto.core.loaders import create_loader
from moto.core.utils import method_names_from_class
from moto.ec2.responses import EC2Response
from moto.sqs.models import sqs_backends

from sandbox import ext
from sandbox.ext import speed


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
