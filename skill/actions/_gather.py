"""Gathering evidence about one instance in a workflow: flow logs, findings, who shares its role."""

from functools import partial

from skill.actions import _evidence
from skill.actions._flow import Flow
from skill.aws import Aws
from skill.aws.ec2 import Instance
from skill.errors import TobanError
from skill.model import Facts

LOOK_EVERY = 3


def asked_about(one: Instance) -> Facts:
    """What the questions need to know of an instance."""
    return {
        "instance": one.id,
        "profile": one.profile,
        "interfaces": [eni.id for eni in one.interfaces],
        "subnets": list(dict.fromkeys(eni.subnet for eni in one.interfaces)),
        "addresses": [address for eni in one.interfaces for address in eni.addresses],
    }


def gather(about: Facts, aws: Aws, flow: Flow, seconds: int) -> Facts:
    """What there is, and `missing`: what could not be read, each with its error.

    The flow logs are waited for so many seconds.
    """
    facts: Facts = {"subnets": about["subnets"], "missing": []}
    for name, ask in (
        ("flows", partial(_flows, seconds)),
        ("findings", _findings),
        ("shared", _shared),
    ):
        try:
            facts |= ask(about, aws, flow)
        except TobanError as error:
            facts["missing"].append(name)
            facts[f"{name}_error"] = error.document()
    return facts


def _flows(seconds: int, about: Facts, aws: Aws, flow: Flow) -> Facts:
    query = flow.step(
        "ask the flow logs", lambda: _evidence.ask(aws, about["interfaces"], about["addresses"])
    )
    found = flow.until(
        "flow logs",
        lambda: _evidence.read(aws, query),
        lambda rows: rows is not None,
        LOOK_EVERY,
        seconds,
    )
    if found is None:
        raise TobanError(operation="flow logs")
    return dict(found)


def _findings(about: Facts, aws: Aws, flow: Flow) -> Facts:
    return dict(flow.step("open findings", lambda: _evidence.findings(aws, about["instance"])))


def _shared(about: Facts, aws: Aws, flow: Flow) -> Facts:
    work = partial(_evidence.shared, aws, about["instance"], about["profile"])
    return dict(flow.step("who shares the role", work))
