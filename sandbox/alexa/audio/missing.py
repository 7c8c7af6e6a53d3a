"""What audio needs and a machine may lack."""


class Missing(Exception):
    """A program, library or device is not there; the message says what to install."""
