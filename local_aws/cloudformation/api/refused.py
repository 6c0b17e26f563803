"""Operations that are answered by saying what is missing, where the plain "not implemented" would leave a
question open.
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.errors import not_implemented

_SERVICE = "cloudformation"


class Refused:
    """Drift and stack policies."""

    def detect_stack_drift(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Not implemented."""
        raise not_implemented(
            _SERVICE, "DetectStackDrift", "a stack's resources are not compared with its template."
        )

    def detect_stack_resource_drift(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Not implemented."""
        raise not_implemented(
            _SERVICE, "DetectStackResourceDrift", "resources are not compared with their template."
        )

    def set_stack_policy(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Not implemented: a policy that is stored and not enforced would protect nothing."""
        raise not_implemented(_SERVICE, "SetStackPolicy", "stack policies would not be enforced.")
