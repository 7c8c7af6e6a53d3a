"""A fleet that is contained and released while each run meets faults of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.product.fault_points import Call, Point, Points, calls_of, missed, spread
from tests.product.fleet_world import new_message, records, run_of, runs, send_all
from tests.world import Json, Sandbox

State = dict[str, Json]
# The tag is written when all the rest is done.
STATUS = "status"
# What stands for a run that was refused at the door.
REFUSED: Json = {"ended": "", "ending": ""}


@dataclass(frozen=True)
class Subject:
    """One kind of entity, seen from outside. `observed` gives each entity's state by name, its ARN
    in it; `unheld` the measures that do not hold of each; `changed` those whose part is not as it
    was; `danger` what there must never be.
    """

    observed: Callable[[Sandbox], State]
    unheld: Callable[[Sandbox, State], dict[str, set[str]]]
    changed: Callable[[Json, Json], set[str]]
    danger: Callable[[Sandbox, State], list[Any]] = lambda box, now: []
    leftovers: Callable[[Sandbox], set[str]] = lambda box: set()


@dataclass
class Fleet:
    """Entities of one kind in a box, what they were before, and the calls of a run of each action.

    `missed` are faults that no call met: how often a run looks while it waits is not the same every
    time. `untidy` counts runs that told of groups that they could not remove.
    """

    box: Sandbox
    subject: Subject
    before: State = field(default_factory=dict)
    calls: dict[str, list[Call]] = field(default_factory=dict)
    missed: list[Point] = field(default_factory=list)
    untidy: int = 0

    def prepare(self) -> "Fleet":
        self.before = self.subject.observed(self.box)
        for action in ("lock", "release"):
            self.box.forget_calls()
            message = new_message()
            send_all(self.box, {message: self.arn(next(iter(self.before)))}, action)
            run = runs(self.box)[run_of(message)]
            assert run["ending"] == "done", run["result"]
            self.calls[action] = calls_of(self.box, run_of(message))
        return self

    def arn(self, name: str) -> str:
        return str(self.before[name]["arn"])

    def points(self, action: str, steps: dict[str, tuple[int, int]]) -> list[Points]:
        """For as many runs as they need. `steps` are by kind: of so many calls one, and where the
        first so many begin.
        """
        calls = self.calls[action]
        return spread(
            [
                (kind, calls[first : first + step])
                for kind, (step, turn) in steps.items()
                for first in range(turn, len(calls), step)
            ]
        )

    def contained(self, plan: dict[str, Points]) -> list[Any]:
        """Contain all of them, each with its faults, then again those that were not done; all that
        is wrong.
        """

        def left(now: State) -> dict[str, set[str]]:
            return self.subject.unheld(self.box, now)

        return self._struck("lock", plan, left, "unfinished")

    def put_back(self, plan: dict[str, Points]) -> list[Any]:
        """The same for releasing."""

        def left(now: State) -> dict[str, set[str]]:
            return {n: self.subject.changed(self.before[n], one) for n, one in now.items()}

        wrong = self._struck("release", plan, left, "left")
        kept = [key for key in records(self.box) if any(self.arn(n).endswith(key) for n in plan)]
        more = self.subject.leftovers(self.box)
        if len(more) > 2 * self.untidy:
            wrong.append(("left behind", more))
        return [*wrong, *[("record of", key) for key in kept]]

    def _struck(
        self,
        action: str,
        plan: dict[str, Points],
        left: Callable[[State], dict[str, set[str]]],
        names: str,
    ) -> list[Any]:
        found = self._strike(action, plan)
        results = [run["result"]["facts"] for run in found.values() if run["ended"]]
        self.untidy = sum("untidy" in facts for facts in results)
        now = self.subject.observed(self.box)
        open_ones = left(now)
        wrong = self.subject.danger(self.box, now)
        for name, points in plan.items():
            if said := judged(found[name], open_ones[name], points, names):
                wrong.append((action, points, said))
        if partly := [name for name in plan if found[name]["ending"] != "done"]:
            wrong += self._again(action, partly)
            open_ones = left(self.subject.observed(self.box))
        rest = {name: open_ones[name] for name in plan if open_ones[name]}
        return [*wrong, *[("at last", action, plan[name], one) for name, one in rest.items()]]

    def _strike(self, action: str, plan: dict[str, Points]) -> dict[str, Json]:
        """The runs by name, each of which meets its own faults."""
        messages = {new_message(): name for name in plan}
        wanted = {run_of(message): plan[name] for message, name in messages.items()}
        self.box.forget_calls()
        self.box.faults(*(fault for run, each in wanted.items() for fault in each.faults(run)))
        send_all(self.box, {message: self.arn(name) for message, name in messages.items()}, action)
        self.box.faults()
        self.missed += missed(self.box, wanted)
        found = runs(self.box)
        return {name: found.get(run_of(message), REFUSED) for message, name in messages.items()}

    def _again(self, action: str, names: list[str]) -> list[Any]:
        """The same request once more, without a fault; those that do not end well."""
        messages = {new_message(): self.arn(name) for name in names}
        send_all(self.box, messages, action)
        found = runs(self.box)
        told = [found[run] for run in map(run_of, messages) if run in found]
        return [("again", run["params"], run["result"]) for run in told if run["ending"] != "done"]


def judged(run: Json, open_ones: set[str], points: Points, names: str) -> str:
    """What is wrong with what a run says of itself; empty if nothing is.

    `open_ones` are the measures that it did not take or put back, as AWS tells; `names` is where
    the run tells them. Only a call that was denied may stay undone: the client or the durable
    engine makes all else good.
    """
    if not run["ended"]:
        return "refused, or left open"
    facts: dict[str, Any] = run["result"]["facts"]
    if run["ending"] == "done":
        return f"done, but {sorted(open_ones)}" if open_ones else ""
    if "deny" not in points.kinds:
        return f"{run['ending']}: {facts}"
    told = "error" in facts or open_ones <= {*facts[names], STATUS}
    return "" if told else f"{sorted(open_ones)} not told: {facts}"
