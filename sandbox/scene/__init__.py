"""The world that a box starts with, and what PUT world adds."""
