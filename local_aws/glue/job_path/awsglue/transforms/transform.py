# ruff: noqa: N802 - the names are AWS's
"""What every transform class is: called with a frame, by `apply` or by an object of it.

AWS's classes also describe themselves; here what they say comes from their signature and docstring.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-GlueTransform.html
"""

from __future__ import annotations

import inspect
from typing import Any


class GlueTransform:
    """A transform; `__call__` is what it does."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Transform."""
        raise NotImplementedError(f"the transform {self.name()} does nothing")

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Transform a frame or a collection; the arguments are `__call__`'s."""
        return cls()(*args, **kwargs)

    @classmethod
    def name(cls) -> str:
        """The class's name."""
        return cls.__name__

    @classmethod
    def describeArgs(cls) -> list[dict[str, Any]]:
        """The arguments: name, type, description, whether optional, and default."""
        parameters = list(inspect.signature(cls.__call__).parameters.values())[1:]
        return [_described(one) for one in parameters if one.kind is not one.VAR_KEYWORD]

    @classmethod
    def describeReturn(cls) -> dict[str, str]:
        """The type of what `apply` gives."""
        kind = str(inspect.signature(cls.__call__).return_annotation)
        return {"type": kind, "description": f"{kind} after {cls.name()}"}

    @classmethod
    def describeTransform(cls) -> str:
        """What the transform does."""
        return inspect.getdoc(cls) or ""

    @classmethod
    def describeErrors(cls) -> list[dict[str, str]]:
        """The errors that AWS documents for it: none for any transform."""
        return []

    @classmethod
    def describe(cls) -> dict[str, Any]:
        """All of it in one document."""
        return {
            "transform": {
                "name": cls.name(),
                "args": cls.describeArgs(),
                "returns": cls.describeReturn(),
                "description": cls.describeTransform(),
                "raises": cls.describeErrors(),
                "location": "internal",
            }
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash(self.name())

    def __repr__(self) -> str:
        return f"<Transform: {self.name()}>"


def _described(parameter: inspect.Parameter) -> dict[str, Any]:
    optional = parameter.default is not parameter.empty
    return {
        "name": parameter.name,
        "type": str(parameter.annotation),
        "description": parameter.name,
        "optional": optional,
        "defaultValue": str(parameter.default) if optional and parameter.default is not None else None,
    }
