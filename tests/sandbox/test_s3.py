"""S3 as evidence is kept in it: objects, checksums, encryption, policies, buckets of stacks."""

import base64
import hashlib
import http.client
import json
import zlib
from typing import Any
from urllib.parse import urlparse

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.sandbox.balance_world import refused
from tests.world import Sandbox

BUCKET = "evidence-of-tests"
BODY = b'{"Bucket": "other", "Prefix": "x"}' * 2000


@pytest.fixture
def s3(box: Sandbox) -> Any:
    client = box.aws("s3")
    client.create_bucket(Bucket=BUCKET)
    return client


def user(box: Sandbox, *statements: dict[str, Any]) -> Any:
    """A client of a new user to whom these statements deny something."""
    iam, rows = box.aws("iam"), [{"Effect": "Deny", **row} for row in statements]
    policy = json.dumps({"Version": "2012-10-17", "Statement": rows})
    iam.create_user(UserName="clerk")
    iam.put_user_policy(UserName="clerk", PolicyName="clerk", PolicyDocument=policy)
    key = iam.create_access_key(UserName="clerk")["AccessKey"]["AccessKeyId"]
    return box.aws("s3", key)


def put(box: Sandbox, key: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of a PutObject that is made by hand."""
    url = f"{box.ready['aws']}/{BUCKET}/{key}"
    request = AWSRequest("PUT", url, headers, body)
    SigV4Auth(Credentials("AKIASOMEBODYUNKNOWN0", "any"), "s3", "us-east-1").add_auth(request)
    connection = http.client.HTTPConnection(urlparse(url).netloc, timeout=30)
    try:
        connection.request("PUT", urlparse(url).path, body, dict(request.headers.items()))
        return connection.getresponse().status
    finally:
        connection.close()


def test_what_is_put_is_got_with_checksum_type_and_encryption(s3: Any) -> None:
    key = "runs/2026 01/batch-3 (é).json"
    made = s3.put_object(Bucket=BUCKET, Key=key, Body=BODY, ContentType="application/json")
    crc = base64.b64encode(zlib.crc32(BODY).to_bytes(4, "big")).decode()
    assert (made["ChecksumCRC32"], made["ServerSideEncryption"]) == (crc, "AES256")
    got = s3.get_object(Bucket=BUCKET, Key=key)
    assert got["Body"].read() == BODY
    assert (got["ContentType"], got["ChecksumCRC32"]) == ("application/json", crc)
    head = s3.head_object(Bucket=BUCKET, Key=key)
    assert (head["ContentLength"], head["ServerSideEncryption"]) == (len(BODY), "AES256")
    assert head["ETag"] == f'"{hashlib.md5(BODY).hexdigest()}"'  # noqa: S324


def test_a_megabyte(s3: Any) -> None:
    body = bytes(range(256)) * 4096
    s3.put_object(Bucket=BUCKET, Key="big", Body=body, ChecksumAlgorithm="SHA256")
    assert s3.get_object(Bucket=BUCKET, Key="big")["Body"].read() == body


def test_keys_are_listed_by_prefix_in_pages(s3: Any) -> None:
    for name in ("a/1", "a/2", "a/3", "b/1"):
        s3.put_object(Bucket=BUCKET, Key=name, Body=b"x")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=BUCKET, Prefix="a/", PaginationConfig={"PageSize": 2}
    )
    assert [[row["Key"] for row in page["Contents"]] for page in pages] == [["a/1", "a/2"], ["a/3"]]


def test_what_is_not_there(s3: Any) -> None:
    refused("NoSuchKey", s3.get_object, Bucket=BUCKET, Key="none")
    refused("404", s3.head_object, Bucket=BUCKET, Key="none")
    refused("NoSuchBucket", s3.put_object, Bucket=f"{BUCKET}-2", Key="x", Body=b"x")
    refused("NoSuchBucket", s3.list_objects_v2, Bucket=f"{BUCKET}-2")


@pytest.mark.parametrize(
    "claim",
    [
        {"ChecksumCRC32": "AAAAAA=="},
        {"ChecksumSHA256": base64.b64encode(bytes(32)).decode()},
        {"ContentMD5": base64.b64encode(bytes(16)).decode()},
    ],
)
def test_a_body_that_is_not_the_one_meant_is_refused(s3: Any, claim: dict[str, str]) -> None:
    refused("BadDigest", s3.put_object, Bucket=BUCKET, Key="x", Body=b"x", **claim)
    refused("NoSuchKey", s3.get_object, Bucket=BUCKET, Key="x")


@pytest.mark.parametrize(
    ("claimed", "framed", "status"),
    [(b"abc", False, 200), (b"abc", True, 200), (b"abd", True, 400)],
)
def test_chunked_uploads_with_a_trailer(
    box: Sandbox, s3: Any, claimed: bytes, framed: bool, status: int
) -> None:
    crc = base64.b64encode(zlib.crc32(claimed).to_bytes(4, "big"))
    body = b"3\r\nabc\r\n0\r\nx-amz-checksum-crc32:" + crc + b"\r\n\r\n"
    headers = {
        "Content-Encoding": "aws-chunked",
        "X-Amz-Content-SHA256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "X-Amz-Decoded-Content-Length": "3",
        "X-Amz-Trailer": "x-amz-checksum-crc32",
        "X-Amz-Sdk-Checksum-Algorithm": "CRC32",
    }
    if framed:
        headers["Transfer-Encoding"] = "chunked"
        body = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    assert put(box, "chunked", body, headers) == status
    if status == 200:
        assert s3.get_object(Bucket=BUCKET, Key="chunked")["Body"].read() == b"abc"


def test_encryption_that_was_asked_for_is_shown(s3: Any) -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/0"
    s3.put_object(
        Bucket=BUCKET, Key="x", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key
    )
    head = s3.head_object(Bucket=BUCKET, Key="x")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)


def test_access_is_to_objects_and_to_the_bucket(box: Sandbox, s3: Any) -> None:
    arn = f"arn:aws:s3:::{BUCKET}"
    clerk = user(
        box,
        {"Action": "s3:PutObject", "Resource": f"{arn}/closed/*"},
        {"Action": "s3:GetObject", "Resource": f"{arn}/closed/*"},
        {
            "Action": "s3:ListBucket",
            "Resource": arn,
            "Condition": {"StringEquals": {"s3:prefix": "closed/"}},
        },
        {
            "Action": "s3:PutObject",
            "Resource": "*",
            "Condition": {"StringEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
        },
        {"Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    )
    s3.put_object(Bucket=BUCKET, Key="closed/1", Body=b"x")
    refused("AccessDenied", clerk.put_object, Bucket=BUCKET, Key="closed/2", Body=b"x")
    refused("AccessDenied", clerk.get_object, Bucket=BUCKET, Key="closed/1")
    refused("403", clerk.head_object, Bucket=BUCKET, Key="closed/1")
    refused("AccessDenied", clerk.list_objects_v2, Bucket=BUCKET, Prefix="closed/")
    named = {"Bucket": BUCKET, "Key": "open/1", "Body": b"x"}
    refused("AccessDenied", clerk.put_object, **named, ServerSideEncryption="aws:kms")
    clerk.put_object(**named)
    assert clerk.get_object(Bucket=BUCKET, Key="open/1")["Body"].read() == b"x"
    assert clerk.list_objects_v2(Bucket=BUCKET, Prefix="open/")["KeyCount"] == 1


def test_who_may_not_list_is_not_told_that_an_object_is_missing(box: Sandbox, s3: Any) -> None:
    clerk = user(box, {"Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{BUCKET}"})
    s3.put_object(Bucket=BUCKET, Key="there", Body=b"x")
    assert clerk.get_object(Bucket=BUCKET, Key="there")["ContentLength"] == 1
    refused("AccessDenied", clerk.get_object, Bucket=BUCKET, Key="none")


def stack(box: Sandbox, statements: list[dict[str, Any]]) -> str:
    """The bucket of a new stack, with this policy and a lifecycle rule."""
    rule = {"Status": "Enabled", "ExpirationInDays": 400, "Prefix": "runs/"}
    sse = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [sse]},
            "LifecycleConfiguration": {"Rules": [rule]},
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": True},
            "VersioningConfiguration": {"Status": "Enabled"},
        },
    }
    document = {"Version": "2012-10-17", "Statement": statements}
    policy = {"Bucket": {"Ref": "Kept"}, "PolicyDocument": document}
    resources = {"Kept": bucket, "Rules": {"Type": "AWS::S3::BucketPolicy", "Properties": policy}}
    cloudformation = box.aws("cloudformation")
    cloudformation.create_stack(StackName="kept", TemplateBody=json.dumps({"Resources": resources}))
    rows = cloudformation.describe_stack_resources(StackName="kept")["StackResources"]
    return next(
        str(row["PhysicalResourceId"]) for row in rows if row["LogicalResourceId"] == "Kept"
    )


def test_a_bucket_of_a_stack_has_its_properties(box: Sandbox) -> None:
    s3, bucket = box.aws("s3"), stack(box, [])
    s3.put_object(Bucket=bucket, Key="x", Body=b"x")
    assert s3.head_object(Bucket=bucket, Key="x")["ServerSideEncryption"] == "aws:kms"
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert (block["BlockPublicAcls"], block["IgnorePublicAcls"]) == (True, False)
    box.reset()
    refused("404", s3.head_bucket, Bucket=bucket)


def test_what_a_bucket_policy_denies_is_denied(box: Sandbox) -> None:
    everybody: dict[str, Any] = {"Effect": "Deny", "Principal": "*"}
    somebody = {"AWS": "arn:aws:iam::123456789012:user/somebody-else"}
    arn: dict[str, Any] = {"Fn::Sub": "${Kept.Arn}/*"}
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    s3 = box.aws("s3")
    bucket = stack(
        box,
        [
            everybody | {"Action": "s3:*", "Resource": arn, "Condition": plain},
            everybody | {"Action": "s3:DeleteObject*", "Resource": arn},
            {"Effect": "Deny", "Principal": somebody, "Action": "s3:*", "Resource": arn},
        ],
    )
    s3.put_object(Bucket=bucket, Key="x", Body=b"x")
    assert s3.get_object(Bucket=bucket, Key="x")["Body"].read() == b"x"
    text = refused("AccessDenied", s3.delete_object, Bucket=bucket, Key="x")
    assert "explicit deny in a resource-based policy" in text
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1
