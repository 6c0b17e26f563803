"""The resource types: one file each. `TYPES` is all of them by their AWS name."""

from __future__ import annotations

import importlib
import pkgutil

from local_aws.cloudformation.types.base import ResourceType


def _all_types() -> dict[str, ResourceType]:
    """An instance of every concrete class that the modules of this package define."""
    found = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for one in vars(importlib.import_module(module.name)).values():
            if isinstance(one, type) and issubclass(one, ResourceType) and hasattr(one, "type_name"):
                found[one.type_name] = one()
    return dict(sorted(found.items()))


TYPES = _all_types()

__all__ = ["TYPES", "ResourceType"]
