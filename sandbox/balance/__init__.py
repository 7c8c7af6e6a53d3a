"""Load balancers and Auto Scaling groups: who gets traffic, and what time does to it."""
