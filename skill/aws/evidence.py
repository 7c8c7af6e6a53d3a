"""The evidence bucket: what an examiner wants to see, kept out of the attacker's reach."""

from typing import Any

from skill.aws.client import Clients, Service


class Evidence(Service):
    name = "s3"

    def __init__(self, clients: Clients, bucket: str) -> None:
        super().__init__(clients)
        self.bucket = bucket

    def keep(self, key: str, body: bytes, kind: str) -> str:
        """The object's URI."""
        self.call("put_object", Bucket=self.bucket, Key=key, Body=body, ContentType=kind)
        return f"s3://{self.bucket}/{key}"

    def kept(self, prefix: str) -> list[str]:
        """The keys below a prefix, the first thousand."""
        page: dict[str, Any] = self.call("list_objects_v2", Bucket=self.bucket, Prefix=prefix)
        return [row["Key"] for row in page.get("Contents", ())]
