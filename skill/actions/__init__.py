"""The table of everything Toban can do: one module, one row. Adding an action is adding a file.

Each module gives a docstring, RISK, PERMISSIONS, Params, plan, and apply with undo or IRREVERSIBLE
(DESIGN.md §2). A module whose name starts with an underscore is shared by actions and is not one.
A module is imported when its row is first asked for: nobody waits for actions that nobody uses.
"""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from skill.aws import Aws
from skill.errors import BadRequest
from skill.model import Facts, Plan, Result, Risk


@dataclass(frozen=True)
class Action:
    """One row. `asks` is False where the command itself is enough and no yes is awaited.

    Runs of one `lane` on one target wait for each other; others do not: isolation must not be kept
    waiting by an assessment. An action without a lane answers another run: it changes nothing
    itself, is in nobody's way and is not told of apart.
    """

    name: str
    summary: str
    risk: Risk
    permissions: Mapping[str, tuple[str, ...]]
    params: type
    plan: Callable[[Any, Aws], Plan]
    apply: Callable[..., Result] | None
    undo: Callable[..., Result] | None
    irreversible: str
    asks: bool
    lane: str

    def read(self, given: Facts) -> Any:
        """The action's Params from a door's plain values. Raises BadRequest for unknown names."""
        known = {field.name for field in fields(self.params)}
        if unknown := set(given) - known:
            raise BadRequest(unknown=sorted(unknown))
        return self.params(**given)


def _row(name: str) -> Action:
    module = importlib.import_module(f"{__name__}.{name}")
    changes = module.RISK is not Risk.READ
    undo = getattr(module, "undo", None)
    return Action(
        name=name,
        summary=(module.__doc__ or "").strip().splitlines()[0],
        risk=module.RISK,
        permissions=module.PERMISSIONS,
        params=module.Params,
        plan=module.plan,
        apply=module.apply if changes else None,
        undo=undo,
        irreversible="" if undo or not changes else module.IRREVERSIBLE,
        asks=getattr(module, "ASKS", changes),
        lane=getattr(module, "LANE", name),
    )


class Actions(Mapping[str, Action]):
    """Rows by name. A module that lacks something raises AttributeError when its row is read, and a
    test reads them all.
    """

    def __init__(self) -> None:
        found = [module.name for module in pkgutil.iter_modules(__path__)]
        self._names = dict.fromkeys(name for name in found if not name.startswith("_"))
        self._row = functools.cache(_row)

    def __getitem__(self, name: str) -> Action:
        if name not in self._names:
            raise KeyError(name)
        return self._row(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


ACTIONS: Mapping[str, Action] = Actions()
