"""The door for answers from Slack: a public URL, and so nothing is believed that is not signed."""
