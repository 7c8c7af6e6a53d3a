"""A CIS benchmark in small: sections of checks, and which of them an instance fails.

The titles of the first check of each section are real; a benchmark has hundreds, which are numbered
here. Level 2 includes level 1.
"""

from dataclasses import dataclass
from functools import lru_cache

from sandbox.systems.fleet import spread

_SECTIONS = {
    "1.1": ("Ensure /tmp is a separate partition", 24),
    "1.5": ("Ensure address space layout randomization is enabled", 14),
    "2.1": ("Ensure autofs services are not in use", 22),
    "3.3": ("Ensure ip forwarding is disabled", 12),
    "4.1": ("Ensure a single firewall configuration utility is in use", 18),
    "5.1": ("Ensure permissions on /etc/ssh/sshd_config are configured", 24),
    "5.2": ("Ensure sudo is installed", 12),
    "5.3": ("Ensure password quality is enforced", 30),
    "6.2": ("Ensure auditd packages are installed", 42),
    "7.1": ("Ensure permissions on /etc/passwd are configured", 26),
}
_LEVEL_2_EVERY = 4


@dataclass(frozen=True)
class Check:
    """One check of the benchmark."""

    id: str
    title: str
    level: str


@lru_cache
def benchmark(level: str) -> tuple[Check, ...]:
    """The checks of a level."""
    every = [
        _check(section, title, number)
        for section, (title, size) in _SECTIONS.items()
        for number in range(1, size + 1)
    ]
    return tuple(each for each in every if level == "LEVEL_2" or each.level == level)


def _check(section: str, title: str, number: int) -> Check:
    level = "LEVEL_2" if number % _LEVEL_2_EVERY == 0 else "LEVEL_1"
    name = title if number == 1 else f"{title} ({number})"
    return Check(f"{section}.{number}", name, level)


def judge(instance_id: str, level: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Failed, skipped and passed checks of an instance: the same ones every time."""
    verdicts: tuple[list[str], list[str], list[str]] = ([], [], [])
    share = 8 + spread(instance_id, 10)
    for each in benchmark(level):
        draw = spread(f"{instance_id}/{each.id}", 100)
        verdicts[0 if draw < share else 1 if draw > 96 else 2].append(each.id)
    failed, skipped, passed = verdicts
    return tuple(failed), tuple(skipped), tuple(passed)
