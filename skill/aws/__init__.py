"""The only place that knows AWS: one small adapter per service, one factory for clients."""

from skill.aws.facade import Aws

__all__ = ["Aws"]
