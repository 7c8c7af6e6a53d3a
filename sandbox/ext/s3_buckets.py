"""AWS::S3::Bucket and AWS::S3::BucketPolicy: what moto drops of the one, and all of the other.

A lifecycle rule is accepted and shown by nothing: no object in the box grows old enough.
"""

import json
from typing import Any

from moto.s3.models import FakeBucket, s3_backends

from sandbox.delivery.overrides import override

Properties = dict[str, Any]
_done: set[type] = set()
_PUBLIC = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def bucket_policy(
    name: str, properties: Properties, account: str, region: str
) -> tuple[str, Properties]:
    """The CloudFormation type: puts the policy on its bucket."""
    policy = json.dumps(properties["PolicyDocument"]).encode()
    s3_backends[account]["aws"].put_bucket_policy(properties["Bucket"], policy)
    return properties["Bucket"], {}


def _keep_properties(original: Any) -> Any:
    def create(
        cls: Any, name: str, template: dict[str, Any], account: str, region: str, **kwargs: Any
    ) -> Any:
        bucket = original(name, template, account, region, **kwargs)
        properties, backend = template.get("Properties", {}), s3_backends[account]["aws"]
        if block := properties.get("PublicAccessBlockConfiguration"):
            wanted = {key: str(block.get(key, False)).lower() for key in _PUBLIC}
            backend.put_public_access_block(bucket.name, wanted)
        if versioning := properties.get("VersioningConfiguration"):
            backend.put_bucket_versioning(bucket.name, versioning["Status"])
        bucket.object_lock_enabled = str(properties.get("ObjectLockEnabled")).lower() == "true"
        return bucket

    return classmethod(create)


def install() -> None:
    """Wrap moto's, once."""
    if FakeBucket in _done:
        return
    _done.add(FakeBucket)
    create = FakeBucket.create_from_cloudformation_json
    override(FakeBucket, "create_from_cloudformation_json", _keep_properties(create))
