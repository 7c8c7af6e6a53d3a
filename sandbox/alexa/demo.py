"""Plays the three stories against the box, prints them, and checks each against the box's AWS."""

from collections.abc import Callable
from typing import Any

from sandbox.alexa.scene import Scene, instance_id
from sandbox.alexa.shown import lines
from sandbox.alexa.stories import STORIES, Approve, Check, Say, Step, Story, Tag, Wait
from sandbox.alexa.terminal import Paint, paint
from sandbox.alexa.truth import CHECKS

_LONGEST = 120.0
Show = Callable[[str], None]


def main(box: Any, args: Any) -> int:
    """Tell every story; 0 if all of them came true."""
    look = paint()
    passed = sum(not tell(story, box, print, look) for story in STORIES)
    print(f"\n{passed} of {len(STORIES)} stories passed")
    return 0 if passed == len(STORIES) else 1


def tell(story: Story, box: Any, show: Show, look: Paint) -> list[str]:
    """Play one story in a conversation of its own; what was wrong, nothing if it came true."""
    show("\n" + look("title", f"== {story.title} =="))
    teller, wrong = _Teller(Scene(box), show, look), list[str]()
    for step in story.steps:
        try:
            found = teller.play(step)
        # A story that breaks is a story that failed, and the others are still told.
        except Exception as error:
            found = [f"{type(error).__name__}: {error}"]
        wrong += found
        for problem in found:
            show(look("bad", f"   WRONG  {problem}"))
    return wrong


class _Teller:
    """Plays the steps of one story."""

    def __init__(self, scene: Scene, show: Show, look: Paint) -> None:
        self.scene, self.show, self.look = scene, show, look
        scene.notes["slack"] = len([m for m in scene.box.messages() if m["channel"] == "slack"])

    def play(self, step: Step) -> list[str]:
        """One step; what is wrong after it."""
        if isinstance(step, Say):
            return self._say(step)
        if isinstance(step, Approve):
            return self._approve()
        if isinstance(step, Tag):
            return self._tag(step)
        return self._wait() if isinstance(step, Wait) else self._check(step)

    def _say(self, step: Say) -> list[str]:
        if step.expects == "AMAZON.StopIntent" and not self.scene.said.get("open"):
            return []
        said = self._speak(step.text)
        return [] if said["intent"] == step.expects else [f"understood as {said['intent']}"]

    def _approve(self) -> list[str]:
        """Yes while a question is open; the digits where a PIN is asked for."""
        if not self.scene.said.get("open"):
            return []
        said = self._speak("yes")
        if said["verifying"]:
            self._speak(self.scene.box.ready()["pin"], shown="(the PIN)")
        return []

    def _speak(self, text: str, shown: str = "") -> dict[str, Any]:
        """Say it to the device, by the skill's name where no question is open."""
        last = self.scene.said
        spoken = text if last.get("open") else f"Alexa, ask duty officer, {text}"
        self.show("\n" + self.look("you", f"You:   {shown or spoken}"))
        self.scene.said = self.scene.box.say(spoken, session=last.get("session"))
        for line in lines(self.scene.said, self.look):
            self.show(line)
        return self.scene.said

    def _tag(self, step: Tag) -> list[str]:
        self.show("\n" + self.look("you", f"(somebody tags {step.instance} Toban={step.value})"))
        one = instance_id(self.scene, step.instance)
        tags = [{"Key": "Toban", "Value": step.value}]
        self.scene.aws("ec2").create_tags(Resources=[one], Tags=tags)
        return []

    def _wait(self) -> list[str]:
        still_open = self.scene.box.idle(_LONGEST)
        return [f"still running after {_LONGEST:.0f} s: {still_open}"] if still_open else []

    def _check(self, step: Check) -> list[str]:
        wrong = CHECKS[step.what](self.scene, step.about)
        if not wrong and not step.what.startswith("note"):
            about = " ".join(filter(None, (step.what.replace("_", " "), step.about)))
            self.show(self.look("good", f"   true   {about}"))
        return wrong
