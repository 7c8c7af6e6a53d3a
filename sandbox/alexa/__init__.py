"""A stand-in for Alexa: understands typed text by the interaction model and calls the skill."""

from sandbox.alexa.device import Device
from sandbox.alexa.model import models_from
from sandbox.alexa.response import InvalidResponse

__all__ = ["Device", "InvalidResponse", "models_from"]
