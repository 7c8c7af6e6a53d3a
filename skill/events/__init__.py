"""The events door: EventBridge and SNS in. `routes.py` is the whole table of what triggers what."""
