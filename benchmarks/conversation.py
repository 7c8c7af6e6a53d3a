"""Every kind of turn that the three stories have, said to one sandbox."""

from functools import partial

from benchmarks.meter import Meter
from tests.world import Conversation

BATCH = {"instance": "batch three"}
ASKED = {
    "critical findings": ("ReadFindingsIntent", {"severity": "CRITICAL"}),
    "more findings": ("AMAZON.NextIntent", {}),
    "the second one": ("FindingDetailIntent", {"ordinal": "2"}),
    "status": ("StatusIntent", {}),
    "assessment status": ("AssessmentStatusIntent", {}),
    "anything suspicious": ("SuspiciousIntent", {}),
    "traffic": ("TrafficIntent", BATCH),
    "help": ("AMAZON.HelpIntent", {}),
    "patch, no group": ("PatchIntent", {}),
    "patch: plan": ("PatchIntent", {"group": "ALL"}),
    "no": ("AMAZON.NoIntent", {}),
    "mark suspicious: plan": ("MarkSuspiciousIntent", BATCH),
    "block: plan": ("BlockSourceIntent", BATCH),
    "isolate: plan": ("IsolateIntent", BATCH),
    "isolate: yes": ("AMAZON.YesIntent", {}),
}
CHANGED = {
    "mark suspicious": ("MarkSuspiciousIntent", BATCH),
    "isolate": ("IsolateIntent", BATCH),
    "release": ("ReleaseIntent", BATCH),
    "block": ("BlockSourceIntent", BATCH),
    "undo": ("UndoIntent", {}),
    "patch": ("PatchIntent", {"group": "ALL"}),
}


def ask(meter: Meter) -> None:
    """The turns that start nothing, each where it makes sense. They can be said again."""
    talk = meter.box.talk()
    meter.turn("launch", talk.launch)
    for name, (intent, slots) in ASKED.items():
        meter.turn(name, partial(talk.intent, intent, **slots))
    meter.turn("stop", partial(talk.intent, "AMAZON.StopIntent"))


def assess(meter: Meter) -> None:
    """The turn that needs no yes, and its run."""
    talk = meter.box.talk()
    meter.turn("assess: start", partial(talk.intent, "RunAssessmentIntent", group="web servers"))
    meter.run("assess")


def change(meter: Meter, *names: str, runs: bool = True) -> None:
    """The turns that plan and start these changes; each run is timed to its end, if at all."""
    talk = meter.box.talk()
    for name in names:
        intent, slots = CHANGED[name]
        meter.turn(f"{name}: plan", partial(talk.intent, intent, **slots))
        meter.turn(f"{name}: yes", talk.yes)
        if name == "isolate":
            _prove(meter, talk)
        if runs:
            meter.run(name)


def _prove(meter: Meter, talk: Conversation) -> None:
    """Alexa has no PIN of this person, so ours is asked for; the first try is wrong."""
    meter.turn(
        "isolate: no Alexa PIN", partial(talk.resume, status="NOT_ACHIEVED", reason="NOT_ENABLED")
    )
    meter.turn("isolate: wrong PIN", partial(talk.intent, "PinIntent", pin="0000"))
    pin = meter.box.ready["pin"]
    meter.turn("isolate: right PIN", partial(talk.intent, "PinIntent", pin=pin))
