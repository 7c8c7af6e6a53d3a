"""Findings of every family that GuardDuty has, in the shapes in which it sends them."""

from collections import Counter

from tests.events_world import accounts, invoke, sample
from tests.findings_world import text_of
from tests.product.proposal_world import posted
from tests.world import Json, Sandbox

Row = tuple[str, Json, Json]
SEEN = {"eventFirstSeen": "2026-11-22T02:45:00.000Z", "eventLastSeen": "2026-11-22T03:00:00.000Z"}
EMPTY = {"value": "{}", "type": "default"}
SOURCE = {"ipAddressV4": "198.51.100.9", "country": {"countryName": "Nowhere"}}


def finding(box: Sandbox, row: Row, severity: float = 8) -> Json:
    """A finding's event: its type, its resource, and what of its service is its own."""
    made = sample(box, "guardduty", fresh=True)
    kind, resource, service = row
    made["detail"] |= {"id": made["id"].replace("-", ""), "type": kind, "title": f"{kind} seen"}
    made["detail"] |= {"resource": resource, "severity": severity}
    made["detail"]["service"] = {"archived": False, "count": 1, **SEEN, **service}
    return made


def host(box: Sandbox, name: str) -> Json:
    """An instance as GuardDuty describes it, with the nulls that it has."""
    found = {"instanceId": box.instance(name)["InstanceId"], "outpostArn": None, "platform": None}
    return {"instanceDetails": {**found, "networkInterfaces": [], "tags": None}}


def launch(box: Sandbox, *names: str) -> None:
    like = box.instance("gate-1")
    for name in names:
        tags = [{"Key": "Name", "Value": name}]
        box.ec2.run_instances(
            ImageId=like["ImageId"],
            SubnetId=like["SubnetId"],
            MinCount=1,
            MaxCount=1,
            TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        )


def keys(kind: str, name: str | None) -> Json:
    found = {"accessKeyId": "ASIAX", "principalId": "x", "userType": kind, "userName": name}
    return {"accessKeyDetails": found}


def call(**more: Json) -> Json:
    made = {"api": "GetObject", "callerType": "Remote IP", "remoteIpDetails": SOURCE, **more}
    return {"actionType": "AWS_API_CALL", "awsApiCallAction": made}


def sequence(*resources: Json, **more: list[Json]) -> Json:
    found = {"uid": "s", "description": "d", "signals": [], "resources": list(resources), **more}
    return {"additionalInfo": {}, "detection": {"sequence": found}}


def of(kind: str, **details: object) -> Json:
    return {"resourceType": kind, **details}


def kubernetes(address: str) -> Json:
    made = {"verb": "list", "sourceIPs": [address], "remoteIpDetails": {"ipAddressV4": address}}
    return {"action": {"actionType": "KUBERNETES_API_CALL", "kubernetesApiCallAction": made}}


def test_what_a_finding_names_beside_its_own_resource_is_proposed(yard_box: Sandbox) -> None:
    """The deployer lets severity 8.5 act at once; a bystander is a person's decision all the same.

    A role that is deleted stands for the third: it is refused, and told, by itself.
    """
    box = yard_box
    launch(box, "batch-1", "batch-2", "web-1")
    for name in ("ida", "ron"):
        box.aws("iam").create_user(UserName=name)
    cluster = {"eksClusterDetails": {"name": "shop", "createdAt": 1636625755.218}}
    web = box.instance("web-1")["InstanceId"]
    gone = {"accessKey": {"principalId": "x", "userName": "gone", "userType": "AssumedRole"}}
    actors = [{"id": "u", "user": {"name": "ron", "type": "IAMUser", "uid": "AIDAX"}}]
    rows: dict[str, Row] = {
        "batch-1": (
            "PrivilegeEscalation:Runtime/DockerSocketAccessed",
            of("Container", **host(box, "batch-1"), containerDetails={"name": None}),
            {"action": {}, "additionalInfo": EMPTY, "featureName": "RuntimeMonitoring"},
        ),
        "batch-2": (
            "Execution:Runtime/NewBinaryExecuted",
            of("EKSCluster", **cluster, **host(box, "batch-2"), kubernetesDetails={}),
            {"action": None, "additionalInfo": None, "evidence": None},
        ),
        "ida": (
            "Exfiltration:S3/AnomalousBehavior",
            of("S3Bucket", s3BucketDetails=[{"name": "data"}], **keys("IAMUser", "ida")),
            {"action": call()},
        ),
        "web-1, ron": (
            "AttackSequence:EC2/CompromisedInstanceGroup",
            of("AttackSequence"),
            sequence(
                {"uid": f"arn:x:instance/{web}", "name": "w", "resourceType": "EC2_INSTANCE"},
                {"uid": "AKIAX", "resourceType": "ACCESS_KEY", "data": gone},
                {"uid": "p", "name": "shared", "resourceType": "IAM_INSTANCE_PROFILE"},
                actors=actors,
            ),
        ),
    }
    for row in rows.values():
        invoke(box, finding(box, row, severity=9.5))
    box.idle()
    assert Counter(row["outcome"] for row in accounts(box)) == {"proposal": 4}
    named = sorted(run["plan"]["targets"][0]["name"] for run in box.runs())
    assert named == ["batch-1", "batch-2", "ida", "ron", "web-1"]
    assert all(run["proposed"] for run in box.runs())
    said = [text_of(one) for one in posted(box)]
    assert [one for one in said if "The finding is about: EKSCluster shop" in one]
    assert [one for one in said if "I don't know anything called gone" in one]


def test_what_cannot_be_contained_is_called_by_its_name(box: Sandbox) -> None:
    """Also if somebody of ours has the same name as a stranger of another account."""
    box.aws("iam").create_user(UserName="ida")
    stranger = {"remoteAccountDetails": {"accountId": "444455556666", "affiliated": False}}
    bucket = {"s3BucketDetails": [{"name": "data", "arn": "arn:aws:s3:::data"}]}
    database = {"rdsDbInstanceDetails": {"dbInstanceIdentifier": "orders"}}
    role = {"userType": "Root", "userName": "Root"}
    rows: dict[str, Row] = {
        "RDSDBInstance orders": ("CredentialAccess:RDS/X", of("RDSDBInstance", **database), {}),
        "S3Object data": ("Object:S3/MaliciousFile", of("S3Object", **bucket), {}),
        "S3Bucket data": (
            "Exfiltration:S3/X",
            of("S3Bucket", **bucket, **keys("IAMUser", "ida")),
            {"action": call(**stranger)},
        ),
        "EKSCluster shop": (
            "Discovery:Kubernetes/TorIPCaller",
            of("EKSCluster", eksClusterDetails={"name": "shop"}, kubernetesDetails=None),
            kubernetes("198.51.100.9"),
        ),
        "AttackSequence S3_BUCKET data": (
            "AttackSequence:S3/CompromisedData",
            of("AttackSequence"),
            sequence({"name": "data", "resourceType": "S3_BUCKET"}, actors=[{"user": role}]),
        ),
        "not this: Root.": ("Policy:IAMUser/X", of("AccessKey", **keys("Root", "Root")), {}),
        "AWSAccount": ("Discovery:IAMUser/X", of("AccessKey", **keys("AWSAccount", None)), {}),
    }
    for row in rows.values():
        invoke(box, finding(box, row))
    box.idle()
    assert box.runs() == []
    reasons = Counter(row["reason"] for row in accounts(box))
    assert reasons == {"unsupported-resource": 5, "unsupported-principal": 2}
    said = [text_of(one).replace("\u200b", "") for one in posted(box)]
    for called in rows:
        assert len([one for one in said if called in one]) == 1, called


def test_where_it_came_from_is_told_of_every_kind_of_action(box: Sandbox) -> None:
    probe = {"portProbeDetails": [{"remoteIpDetails": SOURCE}, {"remoteIpDetails": {}}]}
    six = {"remoteIpDetails": {"ipAddressV4": None, "ipAddressV6": "2001:db8::9"}}
    actions = {
        "web-1": ({"actionType": "PORT_PROBE", "portProbeAction": probe}, "198.51.100.9"),
        "web-2": ({"actionType": "NETWORK_CONNECTION", "networkConnectionAction": six}, "2001:db8"),
        "web-3": ({"actionType": "DNS_REQUEST", "dnsRequestAction": {"domain": "x.test"}}, ""),
    }
    for name, (action, _) in actions.items():
        kind = "UnauthorizedAccess:EC2/X"
        row = (kind, of("Instance", **host(box, name)), {"action": action, "additionalInfo": None})
        invoke(box, finding(box, row))
    box.idle()
    told = {run["plan"]["targets"][0]["name"]: run["why"].get("from", "") for run in box.runs()}
    assert sorted(told) == sorted(actions)
    assert all(told[name].startswith(source) for name, (_, source) in actions.items())
