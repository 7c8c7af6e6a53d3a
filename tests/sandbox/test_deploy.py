"""The template as the box deploys it."""

from pathlib import Path

import pytest

from sandbox.ext import cfn
from sandbox.runtime import deploy

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


def test_the_people_repeat_with_the_seed() -> None:
    assert deploy.people(7) == deploy.people(7)
    assert deploy.people(7) != deploy.people(8)
    assert len(deploy.people(7).pin) == 4


def test_every_parameter_gets_a_value() -> None:
    who = deploy.people(1)
    values = deploy.parameters(TEMPLATE, who)
    assert values["SkillId"] == who.skill_id
    assert values["SpokenPin"] == "on"
    assert values["TagPrincipals"] == who.principal
    assert values["PinParameterName"] == "/toban/pin"


def test_the_template_needs_nothing_that_the_box_would_skip() -> None:
    cfn.install()
    values = deploy.parameters(TEMPLATE, deploy.people(1))
    assert deploy.translate(TEMPLATE, values)["Resources"]


def test_a_resource_that_the_box_does_not_know_is_refused(tmp_path: Path) -> None:
    cfn.install()
    path = tmp_path / "template.yaml"
    path.write_text("Resources:\n  Odd: {Type: 'AWS::Odd::Thing', Properties: {}}\n")
    with pytest.raises(LookupError, match="AWS::Odd::Thing"):
        deploy.translate(path, {})


def test_a_pin_is_kept_as_the_skill_reads_it() -> None:
    kind, n, r, p, salt, digest = deploy.pin_hash("1234").split("$")
    assert (kind, n, r, p) == ("scrypt", "16384", "8", "1")
    assert salt and len(digest) == 44
