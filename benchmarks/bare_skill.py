"""The least that a skill with an AWS client can be: what Toban's cold start is compared with."""

import boto3
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import is_request_type

ec2 = boto3.client("ec2")
builder = SkillBuilder()


@builder.request_handler(can_handle_func=is_request_type("LaunchRequest"))
def launch(handler_input):  # type: ignore[no-untyped-def]  # the SDK looks at the name
    return handler_input.response_builder.speak("Hello.").ask("What do you need?").response


handler = builder.lambda_handler()
