"""The resources of Auto Scaling, balancer and S3 calls, by the Service Authorization Reference.

Each finder yields rows of (action, resource ARN, context) for `access.needed`. Both generations of
load balancers are the IAM service `elasticloadbalancing`.
"""

from collections.abc import Iterator
from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.elb.models import elb_backends
from moto.elbv2.models import elbv2_backends
from moto.s3.models import s3_backends

from sandbox.runtime.calls import Call

Context = dict[str, list[str]]
Row = tuple[str, str | None, Context]

_KEYS = {
    "HeadObject": "GetObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
}
_BUCKETS = {
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
}
_VERSIONED = ("GetObject", "DeleteObject", "GetObjectTagging", "PutObjectTagging")
_EXTRA = {
    "x-amz-tagging": "PutObjectTagging",
    "x-amz-acl": "PutObjectAcl",
    "x-amz-object-lock-mode": "PutObjectRetention",
    "x-amz-object-lock-legal-hold": "PutObjectLegalHold",
}


def autoscaling(call: Call) -> Iterator[Row]:
    """A group with its tags; a listing is about everything."""
    action = f"autoscaling:{call.operation}"
    if call.operation.startswith("Describe"):
        yield action, "*", {}
        return
    groups = autoscaling_backends[call.account][call.region].autoscaling_groups
    group = groups.get(call.params.get("AutoScalingGroupName", "")) or _owner(groups, call)
    if group is None:
        yield action, None, {}
        return
    sizes = {name: call.params[name] for name in ("MinSize", "MaxSize") if name in call.params}
    context = {f"autoscaling:{name.lower()}": [value] for name, value in sizes.items()}
    tags = {row["Key"]: row["Value"] for row in group.tags}
    yield action, group.arn, context | _tags("autoscaling", tags)


def _owner(groups: Any, call: Call) -> Any:
    wanted = call.params.get("InstanceId")
    return next(
        (g for g in groups.values() for row in g.instance_states if row.instance_id == wanted), None
    )


def _tags(service: str, tags: dict[str, str]) -> Context:
    return {
        f"{prefix}:resourcetag/{key.lower()}": [value]
        for key, value in tags.items()
        for prefix in ("aws", service)
    }


def balancers(call: Call) -> Iterator[Row]:
    """A target group or a balancer by its ARN, a classic balancer by its name."""
    action, params = f"elasticloadbalancing:{call.operation}", call.params
    arn = params.get("TargetGroupArn") or params.get("LoadBalancerArn")
    if call.operation.startswith("Describe"):
        yield action, "*", {}
    elif arn:
        yield action, arn, _tags("elasticloadbalancing", _v2_tags(call, arn))
    elif name := params.get("LoadBalancerName"):
        classic = elb_backends[call.account][call.region].load_balancers.get(name)
        found = f"arn:aws:elasticloadbalancing:{call.region}:{call.account}:loadbalancer/{name}"
        yield action, found, _tags("elasticloadbalancing", classic.tags if classic else {})
    else:
        yield action, None, {}


def _v2_tags(call: Call, arn: str) -> dict[str, str]:
    held = elbv2_backends[call.account][call.region].tagging_service
    tags: dict[str, str] = held.get_tag_dict_for_resource(arn)
    return tags


def s3(call: Call) -> Iterator[Row]:
    """An object or a bucket. Who asks for an object that is not there must be allowed to list."""
    bucket, key = call.params.get("Bucket"), call.params.get("Key")
    context = s3_context(call.params)
    if not bucket:
        yield (
            f"s3:{'ListAllMyBuckets' if call.operation == 'ListBuckets' else call.operation}",
            "*",
            {},
        )
    elif key is None:
        action = _BUCKETS.get(call.operation, call.operation)
        yield f"s3:{action}", f"arn:aws:s3:::{bucket}", context
    else:
        action = _KEYS.get(call.operation, call.operation)
        yield f"s3:{_versioned(action, call)}", f"arn:aws:s3:::{bucket}/{key}", context
        for header, extra in _EXTRA.items():
            if header in call.params:
                yield f"s3:{extra}", f"arn:aws:s3:::{bucket}/{key}", context
        if action == "GetObject" and not _exists(call, bucket, key):
            yield "s3:ListBucket", f"arn:aws:s3:::{bucket}", {}


def s3_context(params: dict[str, Any]) -> Context:
    """The condition keys of a request; to policies, the box's plain HTTP is TLS."""
    found = {f"s3:{name}": [value] for name, value in params.items() if name.startswith("x-amz-")}
    listed = {f"s3:{name}": [params[name]] for name in ("prefix", "delimiter") if name in params}
    return found | listed | {"aws:securetransport": ["true"]}


def _versioned(action: str, call: Call) -> str:
    if "versionId" not in call.params or action not in _VERSIONED:
        return action
    if action.endswith("Tagging"):
        return action.replace("Tagging", "VersionTagging")
    return f"{action}Version"


def _exists(call: Call, bucket: str, key: str) -> bool:
    held = s3_backends[call.account]["aws"].buckets.get(bucket)
    return held is None or held.keys.get(key) is not None
