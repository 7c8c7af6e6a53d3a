"""The lanes of delivery: concurrency, modelled waits, reset, and errors of the box itself."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.delivery_world import FAILED, Done, World, fresh_world, wait_until

world = pytest.fixture(fresh_world)


@pytest.mark.parametrize(("reserved", "expected"), [(None, 4), (2, 2)])
def test_concurrency_is_bounded(world: World, reserved: int | None, expected: int) -> None:
    arn, peak, running, guard = world.function("f"), [0], [0], threading.Lock()
    if reserved:
        put = world.functions.put_function_concurrency
        put(FunctionName="f", ReservedConcurrentExecutions=reserved)

    def answer(event: Any) -> Done:
        with guard:
            running[0] += 1
            peak[0] = max(peak[0], running[0])
        time.sleep(0.01)
        with guard:
            running[0] -= 1
        return Done()

    world.answers["f"] = answer
    for number in range(30):
        world.delivery.async_invoke(arn, number)
    world.settle()
    assert peak == [expected] and sorted(world.received("f")) == list(range(30))


def test_many_failures_of_one_moment_share_the_skipped_time(world: World) -> None:
    arn = world.function("f")
    world.answers["f"] = lambda event: FAILED
    for number in range(50):
        world.delivery.async_invoke(arn, number)
    world.settle()
    assert len(world.calls) == 150 and world.delivery.dropped == 50
    assert world.clock.skipped < timedelta(minutes=30)


def test_open_and_reset_while_a_function_hangs(world: World) -> None:
    arn, free = world.function("f"), threading.Event()
    world.delivery.tuning.concurrency["f"] = 1
    world.answers["f"] = lambda event: Done() if free.wait(10) else FAILED
    for number in range(3):
        world.delivery.async_invoke(arn, number)
    wait_until(lambda: bool(world.calls))
    state = world.delivery.open()
    assert state["queued"] == {"function:f": 2} and len(state["running"]) == 1
    assert not world.delivery.idle() and not world.delivery.wait_idle(0.01)
    assert not world.delivery.reset(0.05)
    free.set()
    assert world.delivery.reset(5) and world.delivery.idle()
    assert len(world.calls) == 1 and world.delivery.counts["delivered"] == 0
    world.delivery.async_invoke(arn, 9)
    world.settle()
    assert world.received("f") == [0, 9]


def test_in_real_time_a_retry_waits(world: World) -> None:
    arn = world.function("f")
    world.clock.reset(real_time=True)
    world.answers["f"] = lambda event: FAILED
    world.delivery.async_invoke(arn, {})
    wait_until(lambda: bool(world.delivery.open()["waiting"]))
    assert len(world.calls) == 1 and not world.delivery.idle()
    assert world.delivery.reset(5) and world.delivery.idle()


def test_a_bug_of_the_box_is_seen_and_does_not_close_the_lane(world: World) -> None:
    arn = world.function("f")
    world.answers["f"] = lambda event: [][event]
    world.delivery.async_invoke(arn, 0)
    assert world.delivery.wait_idle(5)
    assert "IndexError" in world.delivery.broken[0]
    del world.answers["f"]
    world.delivery.async_invoke(arn, 1)
    assert world.delivery.wait_idle(5) and world.received("f") == [0, 1]


def test_what_a_hanging_function_left_behind_ends_with_the_reset(world: World) -> None:
    arn, free = world.function("f"), threading.Event()
    world.answers["f"] = lambda event: FAILED if free.wait(10) else Done()
    world.delivery.async_invoke(arn, 1)
    wait_until(lambda: bool(world.calls))
    assert not world.delivery.reset(0.05)
    free.set()
    world.settle()
    assert len(world.calls) == 1
