"""The ledger, queues, topics and secrets: encrypted, kept, and reachable by those who must."""

import pytest

from tests.template.translate import Tree, of_type, properties, resources


def test_the_ledger_survives_the_stack() -> None:
    table = resources()["TobanTable"]
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    recovery = table["Properties"]["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True}


def test_the_ledger_is_encrypted_and_forgets() -> None:
    table = properties("TobanTable")
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_the_ledgers_keys_and_its_one_index() -> None:
    table = properties("TobanTable")
    assert _keys(table) == [("pk", "HASH"), ("sk", "RANGE")]
    assert [(i["IndexName"], _keys(i)) for i in table["GlobalSecondaryIndexes"]] == [
        ("by-time", [("kind", "HASH"), ("at", "RANGE")])
    ]
    assert {a["AttributeType"] for a in table["AttributeDefinitions"]} == {"S"}


def _keys(owner: Tree) -> list[tuple[str, str]]:
    return [(key["AttributeName"], key["KeyType"]) for key in owner["KeySchema"]]


def test_evidence_survives_the_stack_and_every_version_of_it_stays() -> None:
    bucket = resources()["EvidenceBucket"]
    assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"
    assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert "LifecycleConfiguration" not in bucket["Properties"]


def test_evidence_is_encrypted_and_never_public() -> None:
    bucket = properties("EvidenceBucket")
    rules = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert [rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in rules] == ["AES256"]
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    closed = bucket["PublicAccessBlockConfiguration"]
    assert len(closed) == 4
    assert set(closed.values()) == {True}


def test_evidence_is_neither_read_nor_written_in_the_clear() -> None:
    policy = properties("EvidenceBucketPolicy")
    assert policy["Bucket"] == {"Ref": "EvidenceBucket"}
    (row,) = policy["PolicyDocument"]["Statement"]
    assert (row["Effect"], row["Principal"], row["Action"]) == ("Deny", "*", "s3:*")
    assert row["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    bucket = {"Fn::GetAtt": ["EvidenceBucket", "Arn"]}
    assert row["Resource"] == [bucket, {"Fn::Sub": "${EvidenceBucket.Arn}/*"}]


def test_queues_are_encrypted_and_keep_messages_as_long_as_they_can() -> None:
    for name, queue in of_type("AWS::SQS::Queue").items():
        assert queue["SqsManagedSseEnabled"] is True, name
        assert queue["MessageRetentionPeriod"] == 14 * 86400


def test_topics_are_encrypted_with_our_own_rotating_key() -> None:
    for name, topic in of_type("AWS::SNS::Topic").items():
        assert topic["KmsMasterKeyId"] == {"Ref": "TopicKey"}, name
    assert properties("TopicKey")["EnableKeyRotation"] is True


def test_alarms_may_use_the_key_and_the_topic() -> None:
    key = properties("TopicKey")["KeyPolicy"]["Statement"]
    topic = properties("AuditTopicPolicy")["PolicyDocument"]["Statement"]
    assert set(_alarms(key)["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert _alarms(topic)["Action"] == "sns:Publish"


def _alarms(rows: list[Tree]) -> Tree:
    cloudwatch = {"Service": "cloudwatch.amazonaws.com"}
    found = [row for row in rows if row["Principal"] == cloudwatch]
    assert len(found) == 1
    assert "aws:SourceAccount" in found[0]["Condition"]["StringEquals"]
    return found[0]


def test_the_key_is_used_by_others_only_in_this_account_and_through_sns() -> None:
    rows = properties("TopicKey")["KeyPolicy"]["Statement"]
    anyone = next(row for row in rows if row["Principal"] == {"AWS": "*"})
    assert set(anyone["Condition"]["StringEquals"]) == {"kms:CallerAccount", "kms:ViaService"}


@pytest.mark.parametrize("policy", ["AuditTopicPolicy", "LockdownTopicPolicy"])
def test_no_topic_takes_messages_from_everybody_or_in_the_clear(policy: str) -> None:
    rows = properties(policy)["PolicyDocument"]["Statement"]
    assert [row["Effect"] for row in rows if row["Principal"] == "*"] == ["Deny"]


def test_secrets_hold_random_values_until_filled_in() -> None:
    secrets = of_type("AWS::SecretsManager::Secret")
    assert set(secrets) == {"SlackSecret", "SlackSigningSecret", "LockdownSecret"}
    assert all("GenerateSecretString" in secret for secret in secrets.values())
