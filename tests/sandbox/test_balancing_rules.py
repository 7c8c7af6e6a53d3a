"""What is wrong with the groups and balancers of a scenario is said with its place."""

from typing import Any

import pytest

from sandbox.scene import scenario
from tests.sandbox.balance_world import SCENARIO


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("target_groups/shop-web/vpc", "moon", "target_groups/shop-web: no VPC is named moon"),
        ("target_groups/shop-web/targets", ["x"], "no instance is named x"),
        ("target_groups/shop-web/port", 0, "target_groups/shop-web/port"),
        ("classic_load_balancers/shop-classic/instances", ["x"], "no instance is named x"),
        ("classic_load_balancers/shop-classic/subnets", ["x"], "no subnet is named x"),
        ("auto_scaling_groups/shop-web/instances", ["x"], "no instance is named x"),
        ("auto_scaling_groups/shop-web/instances", ["lame-1"], "lame-1 is stopped"),
        ("auto_scaling_groups/shop-web/instances", ["spare-2"], "spare-2 is in none of the zones"),
        ("auto_scaling_groups/shop-small/instances", ["web-1"], "web-1 is in shop-web already"),
        ("auto_scaling_groups/shop-web/subnets", ["x"], "no subnet is named x"),
        ("auto_scaling_groups/shop-web/target_groups", ["x"], "no target group is named x"),
        ("auto_scaling_groups/shop-web/desired", 5, "desired 5 is not between min 1 and max 4"),
        ("auto_scaling_groups/shop-web/desired", 2, "more instances than desired, which is 2"),
    ],
)
def test_what_is_wrong_in_a_scenario_is_said(path: str, value: Any, words: str) -> None:
    document: Any = scenario.read(SCENARIO)
    part, name, key = path.split("/")
    document[part][name][key] = value
    with pytest.raises(ValueError, match=words):
        scenario.check(document)
