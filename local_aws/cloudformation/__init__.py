"""CloudFormation: templates deployed by calling the public APIs of the other services.

`template/` is pure: text to values. `engine/` stores stacks and runs their operations, `types/` has one
file a resource type, `api/` is what clients call.
"""

from local_aws.cloudformation.service import CloudFormationService

__all__ = ["CloudFormationService"]
