"""Event source mappings: switched on and off in their time, and busy meanwhile."""

from collections.abc import Iterator

import pytest

from tests.sandbox.identity_world import (
    LAMBDA,
    IdentityWorld,
    identity_world,
    new_function,
    refused,
)


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


def test_a_mapping_is_switched_off_and_on_in_its_time(world: IdentityWorld) -> None:
    api, uuid = world.functions, world.mapping()["UUID"]
    assert world.mapping()["FunctionArn"] == f"{LAMBDA}:orders"
    for enabled, states in ((False, ("Disabling", "Disabled")), (True, ("Enabling", "Enabled"))):
        changed = api.update_event_source_mapping(UUID=uuid, Enabled=enabled)
        assert changed["State"] == states[0]
        call = api.update_event_source_mapping
        message = refused("ResourceInUseException", call, UUID=uuid, Enabled=not enabled)
        assert message == "Cannot update the event source mapping because it is in use."
        refused("ResourceInUseException", api.delete_event_source_mapping, UUID=uuid)
        assert api.get_event_source_mapping(UUID=uuid)["State"] == states[0]
        world.control("POST", "idle")
        assert api.get_event_source_mapping(UUID=uuid)["State"] == states[1]
        again = api.update_event_source_mapping(UUID=uuid, Enabled=enabled)
        assert again["State"] == states[1]


def test_what_waits_in_a_queue_is_taken_when_the_mapping_is_on(world: IdentityWorld) -> None:
    sqs, uuid = world.client("sqs"), world.mapping()["UUID"]
    url = sqs.get_queue_url(QueueName="orders-in")["QueueUrl"]

    def waiting() -> str:
        wanted = ["ApproximateNumberOfMessages"]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"]
        return str(found["ApproximateNumberOfMessages"])

    world.functions.update_event_source_mapping(UUID=uuid, Enabled=False)
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    world.control("POST", "idle")
    assert waiting() == "1"
    world.functions.update_event_source_mapping(UUID=uuid, Enabled=True)
    world.control("POST", "idle")
    assert waiting() == "0"
    assert world.control("GET", "deliveries")["broken"] == []


def test_mappings_are_listed_by_exact_name_and_in_pages(
    world: IdentityWorld, function: str
) -> None:
    api, sqs = world.functions, world.client("sqs")
    arns = []
    for number in range(3):
        url = sqs.create_queue(QueueName=f"{function}-{number}"[:80])["QueueUrl"]
        wanted = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
        arns.append(sqs.get_queue_attributes(**wanted)["Attributes"]["QueueArn"])
    made = [
        api.create_event_source_mapping(FunctionName=name, EventSourceArn=arn)
        for name, arn in zip((function, function, f"{function}:live"), arns, strict=True)
    ]
    assert made[0]["State"] == "Creating"
    assert made[2]["FunctionArn"] == f"{LAMBDA}:{function}:live"
    call = api.create_event_source_mapping
    refused("ResourceConflictException", call, FunctionName=function, EventSourceArn=arns[0])
    pages = api.get_paginator("list_event_source_mappings").paginate(
        FunctionName=f"{LAMBDA}:{function}", PaginationConfig={"PageSize": 1}
    )
    found = [row["EventSourceArn"] for page in pages for row in page["EventSourceMappings"]]
    assert found == arns[:2]
    by_source = api.list_event_source_mappings(EventSourceArn=arns[2])["EventSourceMappings"]
    assert [row["UUID"] for row in by_source] == [made[2]["UUID"]]
    world.control("POST", "idle")
    for row in made:
        assert api.delete_event_source_mapping(UUID=row["UUID"])["State"] == "Deleting"
        refused("ResourceNotFoundException", api.get_event_source_mapping, UUID=row["UUID"])
    call = api.list_event_source_mappings
    refused("ResourceNotFoundException", call, FunctionName="nobody")
