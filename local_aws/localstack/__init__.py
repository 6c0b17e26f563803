"""LocalStack as Laguna's S3: started by Docker or from its package, stopped with whoever started it."""

from local_aws.localstack.errors import LocalStackError
from local_aws.localstack.instance import LocalStack
from local_aws.localstack.start import prepare, start

__all__ = ["LocalStack", "LocalStackError", "prepare", "start"]
