"""Inspector and Systems Manager: findings, scans, commands, patches."""
