"""Our status tag on an instance."""

from skill.aws import Aws


def say(aws: Aws, instance: str, status: str) -> None:
    """Write our status tag on an instance; an empty one removes it."""
    if status:
        aws.ec2.tag([instance], TobanStatus=status)
    else:
        aws.ec2.untag([instance], "TobanStatus")
