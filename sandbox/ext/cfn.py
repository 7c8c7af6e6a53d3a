"""CloudFormation resource types that moto skips in silence, and the properties that it drops.

moto finds its types as DIRECT subclasses of CloudFormationModel, so each type is one here.
`INERT` types change nothing that the box can show: they are accepted and only have a name.
"""

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from moto.awslambda.models import LambdaFunction, LambdaVersion
from moto.awslambda.utils import get_backend
from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel
from moto.events.models import EventBus, EventBusPolicyStatement, events_backends
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, Role, iam_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from . import alarms, function_urls
from .s3_buckets import bucket_policy

INERT = (
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::Logs::MetricFilter",
    "AWS::Logs::QueryDefinition",
    "AWS::CloudTrail::Trail",
    "AWS::ResourceGroups::Group",
)
Properties = dict[str, Any]


Make = Callable[[str, Properties, str, str], tuple[str, Properties]]
"""Creates a resource from name, properties, account and Region; its physical id and attributes."""


def _alias(name: str, properties: Properties, account: str, region: str) -> tuple[str, Properties]:
    version = str(properties["FunctionVersion"])
    routing: Any = properties.get("RoutingConfig")
    backend = get_backend(account, region)
    function, description = properties["FunctionName"], properties.get("Description", "")
    alias = backend.create_alias(properties["Name"], function, version, description, routing)
    return alias.arn, {}


def _event_invoke_config(
    name: str, properties: Properties, account: str, region: str
) -> tuple[str, Properties]:
    keys = ("DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")
    settings = {key: properties[key] for key in keys if key in properties}
    for key in keys[1:]:
        if key in settings:
            settings[key] = int(settings[key])
    backend = get_backend(account, region)
    function, qualifier = properties["FunctionName"], properties["Qualifier"]
    backend.put_function_event_invoke_config(f"{function}:{qualifier}", settings)
    return f"{function}|{qualifier}", {}


def _queue_policy(
    name: str, properties: Properties, account: str, region: str
) -> tuple[str, Properties]:
    policy = json.dumps(properties["PolicyDocument"])
    for url in properties["Queues"]:
        queue = url.rsplit("/", 1)[-1]
        sqs_backends[account][region].set_queue_attributes(queue, {"Policy": policy})
    return name, {}


def _bus_policy(
    name: str, properties: Properties, account: str, region: str
) -> tuple[str, Properties]:
    """One statement of a bus's policy; others of it stay."""
    bus = events_backends[account][region].describe_event_bus(properties["EventBusName"])
    sid = properties["StatementId"]
    bus._statements[sid] = EventBusPolicyStatement.from_dict(properties["Statement"] | {"Sid": sid})
    return f"{bus.name}|{sid}", {}


def _topic_policy(
    name: str, properties: Properties, account: str, region: str
) -> tuple[str, Properties]:
    policy = json.dumps(properties["PolicyDocument"])
    for arn in properties["Topics"]:
        sns_backends[account][region].set_topic_attribute(arn, "policy", policy)
    return name, {}


def _subscription(
    name: str, properties: Properties, account: str, region: str
) -> tuple[str, Properties]:
    backend = sns_backends[account][region]
    made = backend.subscribe(properties["TopicArn"], properties["Endpoint"], properties["Protocol"])
    for key in ("FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"):
        if key in properties:
            value = properties[key]
            text = value if isinstance(value, str) else json.dumps(value)
            backend.set_subscription_attributes(made.arn, key, text)
    return made.arn, {}


def _secret(name: str, properties: Properties, account: str, region: str) -> tuple[str, Properties]:
    backend = secretsmanager_backends[account][region]
    text = properties.get("SecretString") or (
        "generated" if "GenerateSecretString" in properties else None
    )
    made = backend.create_secret(
        name=properties.get("Name", name),
        secret_string=text,
        secret_binary=None,
        description=properties.get("Description"),
        tags=properties.get("Tags"),
        kms_key_id=properties.get("KmsKeyId"),
        client_request_token=None,
        replica_regions=[],
        force_overwrite=False,
    )
    arn = json.loads(made)["ARN"] if isinstance(made, str) else made["ARN"]
    return arn, {"Id": arn}


def _inert(name: str, properties: Properties, account: str, region: str) -> tuple[str, Properties]:
    return name, {"Arn": f"arn:aws:sandbox:{region}:{account}:{name}"}


_TYPES: dict[str, Make] = {
    "AWS::Lambda::Alias": _alias,
    "AWS::Lambda::Url": function_urls.make,
    "AWS::Lambda::EventInvokeConfig": _event_invoke_config,
    "AWS::SQS::QueuePolicy": _queue_policy,
    "AWS::Events::EventBusPolicy": _bus_policy,
    "AWS::SNS::TopicPolicy": _topic_policy,
    "AWS::S3::BucketPolicy": bucket_policy,
    "AWS::SNS::Subscription": _subscription,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::CloudWatch::Alarm": alarms.make,
}
_TYPES |= dict.fromkeys(INERT, _inert)


def _define(type_name: str, make: Make) -> type[CloudFormationModel]:
    def create(
        cls: Any, name: str, template: Properties, account: str, region: str, **_: Any
    ) -> Any:
        made = cls()
        made.physical_id, made.attributes = make(name, template["Properties"], account, region)
        return made

    members = {
        "__module__": __name__,
        "physical_resource_id": property(lambda self: self.physical_id),
        "cloudformation_type": staticmethod(lambda: type_name),
        "cloudformation_name_type": staticmethod(lambda: ""),
        "create_from_cloudformation_json": classmethod(create),
        "update_from_cloudformation_json": classmethod(lambda cls, original, *_, **__: original),
        "delete_from_cloudformation_json": classmethod(lambda cls, *_, **__: None),
        "has_cfn_attr": classmethod(
            lambda cls, name: name in ("Arn", "Id", "FunctionUrl", "FunctionArn")
        ),
        "get_cfn_attribute": lambda self, name: self.attributes[name],
    }
    return type(type_name.replace("::", ""), (CloudFormationModel,), members)


def unknown_types(template: Properties) -> set[str]:
    """The resource types of a template that the box would have to skip."""
    return {row["Type"] for row in template["Resources"].values()} - set(parsing.get_model_map())


@lru_cache
def _managed_policies() -> dict[str, Any]:
    policies: dict[str, Any] = json.loads(aws_managed_policies_data)
    return policies


def managed_policy(arn: str, account: str, region: str) -> AWSManagedPolicy:
    """The AWS managed policy of this ARN; KeyError when AWS has none such."""
    name = arn.rsplit("/", 1)[-1]
    return AWSManagedPolicy.from_data(name, account, region, _managed_policies()[name])


def _attach_managed_policies(original: Any) -> Any:
    def create(
        cls: Any, name: str, template: Properties, account: str, region: str, **kwargs: Any
    ) -> Any:
        role = original(name, template, account, region, **kwargs)
        backend = iam_backends[account]["aws"]
        for arn in template["Properties"].get("ManagedPolicyArns", []):
            if arn not in backend.managed_policies:
                backend.managed_policies[arn] = managed_policy(arn, account, region)
            backend.attach_role_policy(arn, role.name)
        return role

    return classmethod(create)


def _keep_properties(original: Any) -> Any:
    def create(
        cls: Any, name: str, template: Properties, account: str, region: str, **kwargs: Any
    ) -> Any:
        name = template["Properties"].get("FunctionName", name)
        function = original(name, template, account, region, **kwargs)
        function.deployed_properties = template["Properties"]
        function.architectures = template["Properties"].get("Architectures", ["x86_64"])
        function.tags = {row["Key"]: row["Value"] for row in template["Properties"].get("Tags", [])}
        return function

    return classmethod(create)


def _patches() -> list[tuple[type, str, Any]]:
    create = "create_from_cloudformation_json"
    has_version = classmethod(lambda cls, attribute: attribute == "Version")
    return [
        (EventBus, "physical_resource_id", property(lambda self: self.name)),
        (LambdaVersion, "get_cfn_attribute", lambda self, attribute: self.version),
        (LambdaVersion, "has_cfn_attr", has_version),
        (LambdaFunction, create, _keep_properties(LambdaFunction.create_from_cloudformation_json)),
        (Role, create, _attach_managed_policies(Role.create_from_cloudformation_json)),
    ]


_defined: list[type[CloudFormationModel]] = []


def install() -> None:
    """Define the missing types, keep what moto drops, and make moto look for types again."""
    if _defined:
        return
    _defined.extend(_define(name, make) for name, make in _TYPES.items())
    for kind, name, replacement in _patches():
        setattr(kind, name, replacement)
    for cached in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        cached.cache_clear()
