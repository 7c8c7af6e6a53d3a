"""Acting in another account, through the role that template-member.yaml makes there."""

from botocore.credentials import Credentials, DeferredRefreshableCredentials

from skill.aws.client import Clients, Service

SESSION = "toban"


class Sts(Service):
    name = "sts"

    def session(self, role: str, external_id: str) -> dict[str, str]:
        """A session's keys, as botocore refreshes them. Raises Denied."""
        answer = self.call(
            "assume_role", RoleArn=role, RoleSessionName=SESSION, ExternalId=external_id
        )
        keys = answer["Credentials"]
        return {
            "access_key": keys["AccessKeyId"],
            "secret_key": keys["SecretAccessKey"],
            "token": keys["SessionToken"],
            "expiry_time": keys["Expiration"].isoformat(),
        }


def credentials(clients: Clients, role: str, external_id: str) -> Credentials:
    """Credentials that are fetched at first use and again before they expire."""
    sts = Sts(clients)
    held: Credentials = DeferredRefreshableCredentials(
        lambda: sts.session(role, external_id), "assume-role"
    )
    return held
