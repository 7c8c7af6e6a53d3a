"""Secrets Manager: values that nobody may log."""

from skill.aws.client import Service


class Secrets(Service):
    name = "secretsmanager"

    def value(self, arn: str) -> str:
        """The secret's text as it is now: a new one counts at once."""
        return str(self.call("get_secret_value", SecretId=arn)["SecretString"])
