"""The directives that the skill sends: elicitation, Alexa's PIN check, live names."""

from collections.abc import Sequence

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
# Over all types together (alexa.md §2).
ENTITIES = 100


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


def live_names(
    instances: Sequence[str], groups: Sequence[str], locale: str
) -> DynamicEntitiesDirective:
    """The names of the fleet for Alexa's entity resolution; groups first, they are few."""
    kept = [one for one in groups if one.strip()][: ENTITIES // 4]
    shown = [one for one in instances if one.strip()][: ENTITIES - len(kept)]
    return DynamicEntitiesDirective(
        update_behavior=UpdateBehavior.REPLACE,
        types=[_entities("GROUP", kept, locale), _entities("INSTANCE", shown, locale)],
    )


def _entities(slot_type: str, values: Sequence[str], locale: str) -> EntityListItem:
    return EntityListItem(name=slot_type, values=[_entity(value, locale) for value in values])


def _entity(value: str, locale: str) -> Entity:
    said = names.spoken(value, locale)[:140]
    return Entity(id=value[:140], name=EntityValueAndSynonyms(value=said, synonyms=[]))
