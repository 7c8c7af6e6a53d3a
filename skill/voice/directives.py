"""The directives that the skill sends: elicitation, Alexa's PIN check, live names."""

from collections.abc import Mapping, Sequence

from ask_sdk_model import Intent, IntentConfirmationStatus, Slot, SlotConfirmationStatus
from ask_sdk_model.dialog import DynamicEntitiesDirective, ElicitSlotDirective
from ask_sdk_model.er.dynamic import (
    Entity,
    EntityListItem,
    EntityValueAndSynonyms,
    UpdateBehavior,
)
from ask_sdk_model.interfaces.connections.v1 import StartConnectionDirective

from skill import names

LEVEL = 400
_OPEN_SLOT = SlotConfirmationStatus.NONE
# Of a value (alexa.md §2).
LONGEST = 140
TYPES = {
    "group": "GROUP",
    "instance": "INSTANCE",
    "principal": "PRINCIPAL",
    "function": "FUNCTION_NAME",
}


def elicit(intent: str, slot: str, slots: Sequence[str]) -> ElicitSlotDirective:
    """Ask for one slot of an intent, keeping its others empty."""
    empty = {name: Slot(name=name, confirmation_status=_OPEN_SLOT) for name in slots}
    asked = Intent(name=intent, slots=empty, confirmation_status=IntentConfirmationStatus.NONE)
    return ElicitSlotDirective(updated_intent=asked, slot_to_elicit=slot)


def verify_person(token: str) -> StartConnectionDirective:
    """Hand over to Alexa, who asks for the speaker's profile PIN and resumes with the result."""
    level = {"level": LEVEL, "customPolicy": {"policyName": "VOICE_PIN"}}
    return StartConnectionDirective(
        uri="connection://AMAZON.VerifyPerson/2",
        input={"requestedAuthenticationConfidenceLevel": level},
        token=token,
    )


def live_names(known: Mapping[str, Sequence[str]], locale: str) -> DynamicEntitiesDirective:
    """Names by kind (`skill.engine.live`) for Alexa's entity resolution, as the language says
    them.
    """
    types = [_entities(TYPES[kind], found, locale) for kind, found in known.items()]
    return DynamicEntitiesDirective(update_behavior=UpdateBehavior.REPLACE, types=types)


def _entities(slot_type: str, values: Sequence[str], locale: str) -> EntityListItem:
    said = zip(values, names.all_spoken(values, locale), strict=True)
    fitting = [_entity(value, how) for value, how in said if len(how) <= LONGEST]
    return EntityListItem(name=slot_type, values=fitting)


def _entity(value: str, said: str) -> Entity:
    return Entity(id=value, name=EntityValueAndSynonyms(value=said, synonyms=[]))
