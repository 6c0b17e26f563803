"""moto: IAM, STS, Step Functions, Events, Logs, SSM, SQS, … in a child process with a journal."""

from local_aws.moto_host.host import MotoHost

__all__ = ["MotoHost"]
