"""The gateway: every AWS request enters here and is answered in AWS's protocol."""

from local_aws.gateway.app import Gateway

__all__ = ["Gateway"]
