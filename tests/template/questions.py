"""Questions to IAM whose answers must not change: (action, resource, context).

`NEVER` is what no role of ours may do, `MAY` what those that contain may do: the same actions in
the right context. Context keys are in lower case.
"""

from tests.template.names import ACCOUNT

Context = dict[str, list[str]]
Question = tuple[str, str, Context]

_IAM = f"arn:aws:iam::{ACCOUNT}"
_EC2 = f"arn:aws:ec2:us-east-1:{ACCOUNT}"
_LAMBDA = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function"
ROLE, USER = f"{_IAM}:role/app/web", f"{_IAM}:user/alice"
OUR_ROLES = (
    f"{_IAM}:role/toban-WorkflowFunctionRole-1A2B3C4D5E6F",
    f"{_IAM}:role/toban-member-contain",
)
INSTANCE, GROUP = f"{_EC2}:instance/i-0a", f"{_EC2}:security-group/sg-0a"
SNAPSHOT = "arn:aws:ec2:us-east-1::snapshot/snap-0a"
FUNCTION, OUR_FUNCTION = f"{_LAMBDA}:app", f"{_LAMBDA}:toban-voice"

ADMINISTRATOR = {"iam:policyarn": ["arn:aws:iam::aws:policy/AdministratorAccess"]}
DENY_ALL = {"iam:policyarn": ["arn:aws:iam::aws:policy/AWSDenyAll"]}
PROTECTED = {"aws:resourcetag/tobanprotected": ["yes"]}
OURS = {"aws:resourcetag/tobangroup": ["isolation"]}
THEIRS = {"aws:resourcetag/tobangroup": ["somebody-else-s"]}
WITH_GROUP = {"ec2:createaction": ["CreateSecurityGroup"]}
WITH_SNAPSHOTS = {"ec2:createaction": ["CreateSnapshots"]}
OUR_KEYS = {"aws:tagkeys": ["Name", "TobanGroup"]}
STATUS = {"aws:tagkeys": ["TobanStatus"]}
MORE_KEYS = {"aws:tagkeys": ["TobanStatus", "TobanProtected"]}

LOCK_ROLE = "iam:AttachRolePolicy iam:DetachRolePolicy iam:PutRolePolicy iam:DeleteRolePolicy"
LOCK_USER = "iam:PutUserPolicy iam:DeleteUserPolicy iam:UpdateAccessKey iam:UpdateLoginProfile"
STOP = (
    "lambda:PutFunctionConcurrency lambda:DeleteFunctionConcurrency "
    "lambda:PutProvisionedConcurrencyConfig lambda:DeleteProvisionedConcurrencyConfig"
)
EDIT = (
    "ec2:AuthorizeSecurityGroupIngress ec2:AuthorizeSecurityGroupEgress "
    "ec2:RevokeSecurityGroupIngress ec2:RevokeSecurityGroupEgress ec2:DeleteSecurityGroup"
)
TAG = "ec2:CreateTags ec2:DeleteTags"
SET = "ec2:ModifyInstanceAttribute ec2:ModifyInstanceMetadataOptions"

# Whatever the context is.
_FORBIDDEN: dict[str, str] = {
    INSTANCE: "ec2:TerminateInstances ec2:StopInstances ec2:RebootInstances ec2:RunInstances",
    FUNCTION: "lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration "
    "lambda:DeleteFunction lambda:AddPermission lambda:InvokeFunction",
    USER: "iam:CreateAccessKey iam:CreateLoginProfile iam:DeleteUser iam:AddUserToGroup",
    ROLE: "iam:UpdateAssumeRolePolicy iam:PassRole iam:DeleteRole iam:TagRole iam:UntagRole",
    SNAPSHOT: "ec2:ModifySnapshotAttribute ec2:DeleteSnapshot",
    "<EvidenceBucket.Arn>/x": "s3:GetObject s3:DeleteObject s3:PutObjectAcl",
    "arn:aws:s3:::payroll/x": "s3:PutObject",
    "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole": "sts:AssumeRole",
    "arn:aws:ssm:us-east-1::document/AWS-RunRemoteScript": "ssm:SendCommand",
    "*": "kms:Decrypt autoscaling:TerminateInstanceInAutoScalingGroup "
    "autoscaling:DeleteAutoScalingGroup",
}
# What only the right context makes allowed.
_UNFIT: list[tuple[str, str, Context]] = [
    ("iam:AttachRolePolicy iam:DetachRolePolicy", ROLE, ADMINISTRATOR),
    ("iam:AttachUserPolicy iam:DetachUserPolicy", USER, {}),
    *((LOCK_ROLE, ours, DENY_ALL) for ours in OUR_ROLES),
    (LOCK_ROLE, ROLE, DENY_ALL | PROTECTED),
    (f"{LOCK_USER} iam:AttachUserPolicy", USER, DENY_ALL | PROTECTED),
    (STOP, OUR_FUNCTION, {}),
    (STOP, FUNCTION, PROTECTED),
    (EDIT, GROUP, {}),
    (EDIT, GROUP, THEIRS),
    ("ec2:CreateSecurityGroup", GROUP, {}),
    ("ec2:CreateTags", GROUP, OUR_KEYS),
    ("ec2:CreateTags", GROUP, WITH_GROUP | {"aws:tagkeys": ["Role"]}),
    ("ec2:CreateTags", SNAPSHOT, OUR_KEYS),
    ("ec2:CreateTags", SNAPSHOT, WITH_SNAPSHOTS | {"aws:tagkeys": ["Role"]}),
    # An empty list of keys satisfies ForAllValues; AWS then means all tags of the instance.
    (TAG, INSTANCE, {}),
    (TAG, INSTANCE, MORE_KEYS),
    (SET, GROUP, {}),
]
_FIT: list[tuple[str, str, Context]] = [
    (LOCK_ROLE, ROLE, DENY_ALL),
    (f"{LOCK_USER} iam:AttachUserPolicy", USER, DENY_ALL),
    (STOP, FUNCTION, {}),
    (EDIT, GROUP, OURS),
    ("ec2:CreateSecurityGroup", GROUP, {"aws:requesttag/tobangroup": ["untracking"]}),
    ("ec2:CreateTags", GROUP, WITH_GROUP | OUR_KEYS),
    ("ec2:CreateTags", SNAPSHOT, WITH_SNAPSHOTS | OUR_KEYS),
    (TAG, INSTANCE, STATUS),
    (SET, INSTANCE, {}),
]


def _each(rows: list[tuple[str, str, Context]]) -> list[Question]:
    return [(action, where, context) for names, where, context in rows for action in names.split()]


NEVER = _each([(names, where, {}) for where, names in _FORBIDDEN.items()] + _UNFIT)
MAY = _each(_FIT)
