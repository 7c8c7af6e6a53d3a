"""How to run a box."""

from dataclasses import dataclass, field
from pathlib import Path

from sandbox.runtime.processes import ROOT


@dataclass(frozen=True)
class Options:
    """Port 0 takes free ports; latency in seconds.

    `parameters` are set before those of the scenario, and those before the box's own.
    """

    scenario: Path | None = None
    port: int = 0
    latency: float = 0.0
    real_time: bool = False
    scale: dict[str, int] | None = None
    seed: int = 42
    template: Path = ROOT / "template.yaml"
    member_template: Path = ROOT / "template-member.yaml"
    parameters: dict[str, str] = field(default_factory=dict)
    code: Path = ROOT
