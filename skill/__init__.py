"""Toban (当番), the security duty officer: voice and event doors over one engine of actions."""
