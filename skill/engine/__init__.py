"""How any action runs: plan, policy, approval, record, durable workflow, notification."""
