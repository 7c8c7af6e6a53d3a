"""The three stories of the demo as data: what is said and done, and what must be true then."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Say:
    """A sentence; `expects` names the intent that it must reach."""

    text: str
    expects: str = ""


@dataclass(frozen=True)
class Approve:
    """Yes to the plan if it was asked for, and the PIN where Alexa asks for it."""


@dataclass(frozen=True)
class Tag:
    """Somebody sets the request tag of an instance in the console."""

    instance: str
    value: str


@dataclass(frozen=True)
class Wait:
    """Until no workflow runs any more."""


@dataclass(frozen=True)
class Check:
    """A function of `truth` that compares the box's AWS with what was said; gives what is wrong."""

    what: str
    about: str = ""


Step = Say | Approve | Tag | Wait | Check


@dataclass(frozen=True)
class Story:
    """One thing that people do with Toban, from end to end."""

    title: str
    steps: tuple[Step, ...]


ASSESS = Story(
    "Assess and report",
    (
        Say("run an assessment on the web servers", "RunAssessmentIntent"),
        Approve(),
        Say("is the assessment done", "AssessmentStatusIntent"),
        Wait(),
        Say("is the assessment done", "AssessmentStatusIntent"),
        Check("assessment_told", "web"),
        Say("read me the critical findings", "ReadFindingsIntent"),
        Check("findings_told", "CRITICAL"),
        Say("the second one", "FindingDetailIntent"),
        Check("detail_told", "CRITICAL"),
        Say("stop", "AMAZON.StopIntent"),
        Check("assessment_done", "web"),
        Check("vulnerable_tagged", "web"),
        Check("ticket_opened", "web"),
        Check("slack_told", "assess"),
    ),
)
PATCH = Story(
    "Patch",
    (
        Check("note_findings"),
        Say("patch the vulnerable instances", "PatchIntent"),
        Say("all of them", "PatchIntent"),
        Approve(),
        Wait(),
        Say("how did the patching go", "StatusIntent"),
        Say("stop", "AMAZON.StopIntent"),
        Check("patches_installed"),
        Check("findings_closed"),
        Check("slack_told", "patch"),
    ),
)
CONTAIN = Story(
    "Suspicion, evidence, isolation, release",
    (
        Check("note_network", "batch-3"),
        Tag("batch-3", "suspicious"),
        Wait(),
        Check("slack_told", "batch-3"),
        Check("evidence_posted", "batch-3"),
        Say("anything suspicious", "SuspiciousIntent"),
        Check("named", "batch-3"),
        Say("isolate batch three", "IsolateIntent"),
        Check("named", "batch-3"),
        Approve(),
        Wait(),
        Check("isolated", "batch-3"),
        Say("block the attacker", "BlockSourceIntent"),
        Approve(),
        Wait(),
        Check("blocked", "batch-3"),
        Say("undo that", "UndoIntent"),
        Approve(),
        Wait(),
        Check("not_blocked", "batch-3"),
        Check("isolated", "batch-3"),
        Say("release batch three", "ReleaseIntent"),
        Approve(),
        Wait(),
        Check("network_restored", "batch-3"),
        Check("note_network", "web-4"),
        Tag("web-4", "isolate"),
        Wait(),
        Check("isolated", "web-4"),
        Tag("web-4", "release"),
        Wait(),
        Check("network_restored", "web-4"),
    ),
)
STORIES = (ASSESS, PATCH, CONTAIN)
