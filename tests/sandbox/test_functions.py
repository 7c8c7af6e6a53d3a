"""Lambda functions of the account, as the control plane tells of them and lets them be locked."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.runtime.access import needed
from sandbox.runtime.calls import Call
from sandbox.scene.scenario_rules import check
from tests.sandbox.identity_world import (
    ACCOUNT,
    LAMBDA,
    ROLE,
    SCENARIO,
    IdentityWorld,
    identity_world,
    new_function,
    refused,
)

MAPPING = f"arn:aws:lambda:us-east-1:{ACCOUNT}:event-source-mapping"


@pytest.fixture(scope="module")
def world() -> Iterator[IdentityWorld]:
    with identity_world() as made:
        yield made


@pytest.fixture
def function(world: IdentityWorld, request: pytest.FixtureRequest) -> Iterator[str]:
    """A new function of the test's own, with a version and an alias."""
    name = new_function(world, str(request.node.name))
    yield name
    world.functions.delete_function_concurrency(FunctionName=name)


@pytest.mark.parametrize(
    ("name", "qualifier", "version"),
    [
        ("orders", None, "$LATEST"),
        ("orders:2", None, "2"),
        ("orders:live", None, "2"),
        ("orders", "live", "2"),
        ("orders:$LATEST", None, "$LATEST"),
        (f"{ACCOUNT}:function:orders", None, "$LATEST"),
        (f"us-east-1:{ACCOUNT}:function:orders:1", None, "1"),
        ("function:orders", None, "$LATEST"),
        (f"{LAMBDA}:orders", None, "$LATEST"),
        (f"{LAMBDA}:orders:live", "live", "2"),
    ],
)
def test_a_function_has_many_names(
    world: IdentityWorld, name: str, qualifier: str | None, version: str
) -> None:
    asked = {"FunctionName": name} | ({"Qualifier": qualifier} if qualifier else {})
    shown = world.functions.get_function_configuration(**asked)
    asked_for = qualifier or (name.split("orders:")[1] if "orders:" in name else None)
    assert shown["Version"] == version
    assert shown["FunctionArn"] == f"{LAMBDA}:orders" + (f":{asked_for}" if asked_for else "")
    whole = world.functions.get_function(**asked)
    assert whole["Configuration"]["FunctionArn"] == shown["FunctionArn"]
    assert whole["Concurrency"] == {"ReservedConcurrentExecutions": 50}
    assert whole["Tags"] == {"Team": "shop"}


@pytest.mark.parametrize(
    ("code", "name", "qualifier"),
    [
        ("ResourceNotFoundException", "nobody", None),
        ("ResourceNotFoundException", "orders:nothing", None),
        ("ResourceNotFoundException", "orders", "7"),
        (
            "ResourceNotFoundException",
            f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:orders",
            None,
        ),
        (
            "AccessDeniedException",
            "arn:aws:lambda:us-east-1:999999999999:function:orders",
            None,
        ),
        ("InvalidParameterValueException", "orders:1", "2"),
        ("ValidationException", "no name", None),
    ],
)
def test_names_of_nothing(
    world: IdentityWorld, code: str, name: str, qualifier: str | None
) -> None:
    asked = {"FunctionName": name} | ({"Qualifier": qualifier} if qualifier else {})
    refused(code, world.functions.get_function, **asked)
    refused(code, world.functions.get_function_configuration, **asked)


def test_versions_and_aliases(world: IdentityWorld) -> None:
    api = world.functions
    versions = api.list_versions_by_function(FunctionName="orders")["Versions"]
    assert [row["Version"] for row in versions] == ["$LATEST", "1", "2"]
    (alias,) = api.list_aliases(FunctionName=f"{LAMBDA}:orders")["Aliases"]
    assert (alias["Name"], alias["FunctionVersion"]) == ("live", "2")
    assert api.list_aliases(FunctionName="orders", FunctionVersion="1")["Aliases"] == []
    refused("ResourceNotFoundException", api.list_versions_by_function, FunctionName="nobody")
    refused("ResourceNotFoundException", api.list_aliases, FunctionName="nobody")


def test_functions_come_fifty_at_a_time(world: IdentityWorld) -> None:
    spec = {"Role": ROLE, "Runtime": "python3.13", "Handler": "a.b", "Code": {"ZipFile": b"x"}}
    for number in range(50):
        world.functions.create_function(FunctionName=f"many-{number:02d}", **spec)
    pages = [row["Functions"] for row in world.functions.get_paginator("list_functions").paginate()]
    assert len(pages[0]) == 50 and len(pages) == 2
    names = [row["FunctionName"] for page in pages for row in page]
    assert len(set(names)) == len(names) and {"orders", "mailer", "toban-voice"} <= set(names)
    assert len(world.functions.list_functions(MaxItems=3)["Functions"]) == 3
    refused("InvalidParameterValueException", world.functions.list_functions, Marker="nonsense")
    for number in range(50):
        world.functions.delete_function(FunctionName=f"many-{number:02d}")


def test_reserved_concurrency_is_put_and_taken_away(world: IdentityWorld, function: str) -> None:
    api, name = world.functions, {"FunctionName": function}
    assert "ReservedConcurrentExecutions" not in api.get_function_concurrency(**name)
    assert "Concurrency" not in api.get_function(**name)
    api.put_function_concurrency(ReservedConcurrentExecutions=0, **name)
    assert api.get_function_concurrency(**name)["ReservedConcurrentExecutions"] == 0
    assert api.get_function(**name)["Concurrency"] == {"ReservedConcurrentExecutions": 0}
    api.delete_function_concurrency(**name)
    assert "ReservedConcurrentExecutions" not in api.get_function_concurrency(**name)
    api.delete_function_concurrency(**name)
    refused("ResourceNotFoundException", api.get_function_concurrency, FunctionName="nobody")
    refused("ResourceNotFoundException", api.delete_function_concurrency, FunctionName="nobody")


def test_a_hundred_stay_unreserved(world: IdentityWorld, function: str) -> None:
    # The scenario's orders hold 50, and the stack's own events and slack 5 and 20.
    put, free = world.functions.put_function_concurrency, 1000 - 50 - 5 - 20
    limits = world.functions.get_account_settings()["AccountLimit"]
    assert limits["UnreservedConcurrentExecutions"] == free
    message = refused(
        "InvalidParameterValueException",
        put,
        FunctionName=function,
        ReservedConcurrentExecutions=free - 99,
    )
    assert message == (
        "Specified ReservedConcurrentExecutions for function decreases account's"
        " UnreservedConcurrentExecution below its minimum value of [100]."
    )
    put(FunctionName=function, ReservedConcurrentExecutions=free - 100)
    put(FunctionName=function, ReservedConcurrentExecutions=free - 101)


@pytest.mark.parametrize("name", ["orders:live", f"{LAMBDA}:orders:2", "orders:$LATEST"])
def test_versions_have_no_concurrency_of_their_own(world: IdentityWorld, name: str) -> None:
    api, code = world.functions, "InvalidParameterValueException"
    put = api.put_function_concurrency
    refused(code, put, FunctionName=name, ReservedConcurrentExecutions=1)
    refused(code, api.get_function_concurrency, FunctionName=name)
    refused(code, api.delete_function_concurrency, FunctionName=name)


def test_provisioned_concurrency_stands_in_the_way(world: IdentityWorld, function: str) -> None:
    api, live = world.functions, {"FunctionName": function, "Qualifier": "live"}
    (of_scenario,) = api.list_provisioned_concurrency_configs(FunctionName="orders")[
        "ProvisionedConcurrencyConfigs"
    ]
    assert of_scenario["FunctionArn"] == f"{LAMBDA}:orders:live"
    assert of_scenario["AllocatedProvisionedConcurrentExecutions"] == 5
    refused("ProvisionedConcurrencyConfigNotFoundException", _provisioned(api), **live)
    api.put_provisioned_concurrency_config(ProvisionedConcurrentExecutions=3, **live)
    assert _provisioned(api)(**live)["Status"] == "READY"
    put = api.put_function_concurrency
    message = refused(
        "InvalidParameterValueException",
        put,
        FunctionName=function,
        ReservedConcurrentExecutions=0,
    )
    assert "total provisioned concurrency [3]" in message
    put(FunctionName=function, ReservedConcurrentExecutions=3)
    refused(
        "InvalidParameterValueException",
        api.put_provisioned_concurrency_config,
        ProvisionedConcurrentExecutions=4,
        **live,
    )
    api.delete_provisioned_concurrency_config(**live)
    put(FunctionName=function, ReservedConcurrentExecutions=0)
    unpublished = {"FunctionName": function, "Qualifier": "$LATEST"}
    refused("InvalidParameterValueException", _provisioned(api), **unpublished)


def _provisioned(api: Any) -> Any:
    return api.get_provisioned_concurrency_config


def test_a_function_without_concurrency_does_not_run(world: IdentityWorld, function: str) -> None:
    api = world.functions
    assert api.invoke(FunctionName=function)["Payload"].read() == b"null"
    api.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
    refused("TooManyRequestsException", api.invoke, FunctionName=f"{function}:live")
    waiting = api.invoke(FunctionName=function, InvocationType="Event")
    assert waiting["StatusCode"] == 202
    refused("ResourceNotFoundException", api.invoke, FunctionName="nobody")


def test_tags_are_the_whole_function_s(world: IdentityWorld) -> None:
    tags = world.functions.list_tags
    assert tags(Resource=f"{LAMBDA}:orders")["Tags"] == {"Team": "shop"}
    refused("InvalidParameterValueException", tags, Resource=f"{LAMBDA}:orders:live")
    refused("ResourceNotFoundException", tags, Resource=f"{LAMBDA}:nobody")


def asked(operation: str, **params: str) -> tuple[str, str | None, dict[str, list[str]]]:
    (row,) = needed(Call("lambda", operation, "us-east-1", "", "rest", params))
    return row.action, row.resource, row.context


def test_what_a_call_is_about(world: IdentityWorld) -> None:
    tags = {"aws:resourcetag/team": ["shop"]}
    for name in ("orders", f"{LAMBDA}:orders", f"{ACCOUNT}:function:orders"):
        assert asked("PutFunctionConcurrency", FunctionName=name) == (
            "lambda:PutFunctionConcurrency",
            f"{LAMBDA}:orders",
            tags,
        )
    assert asked("GetFunction", FunctionName="orders:live")[1] == f"{LAMBDA}:orders:live"
    assert asked("ListTags", Resource=f"{LAMBDA}:orders")[1] == f"{LAMBDA}:orders"
    assert asked("ListFunctions") == ("lambda:ListFunctions", "*", {})
    assert asked("ListEventSourceMappings", FunctionName="orders")[1] == "*"
    uuid = world.mapping()["UUID"]
    assert asked("UpdateEventSourceMapping", UUID=uuid) == (
        "lambda:UpdateEventSourceMapping",
        f"{MAPPING}:{uuid}",
        {"lambda:functionarn": [f"{LAMBDA}:orders"]},
    )


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"role": "nobody"}, "no role is named nobody"),
        ({"role": "web"}, "is not for lambda.amazonaws.com"),
        ({"role": "orders", "aliases": {"live": 3}}, "the alias live is of version 3"),
        ({"role": "orders", "provisioned": {"live": 3}}, "there is no version or alias live"),
        ({"role": "orders", "concurrency": 901}, "901"),
        ({}, "role"),
    ],
)
def test_functions_that_cannot_be(spec: dict[str, Any], reason: str) -> None:
    document = json.loads(SCENARIO.read_text())
    document["functions"]["eve"] = spec
    with pytest.raises(ValueError, match=reason):
        check(document)


def test_a_reset_brings_functions_back(world: IdentityWorld) -> None:
    api, before = world.functions, world.mapping()
    api.delete_provisioned_concurrency_config(FunctionName="orders", Qualifier="live")
    api.put_function_concurrency(FunctionName="orders", ReservedConcurrentExecutions=0)
    api.update_event_source_mapping(UUID=before["UUID"], Enabled=False)
    world.control("POST", "reset")
    concurrency = api.get_function_concurrency(FunctionName="orders")
    assert concurrency["ReservedConcurrentExecutions"] == 50
    found = _provisioned(api)(FunctionName="orders", Qualifier="live")
    assert found["RequestedProvisionedConcurrentExecutions"] == 5
    assert world.mapping()["State"] == "Enabled"
