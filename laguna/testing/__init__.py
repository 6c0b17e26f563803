"""What a project needs to test its lake; `LagunaContainer` is loaded when named: it needs testcontainers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from laguna.testing.container import LagunaContainer

__all__ = ["LagunaContainer"]


def __getattr__(name: str) -> Any:
    if name != "LagunaContainer":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from laguna.testing.container import LagunaContainer
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("testcontainers", "docker"):
            raise
        raise ImportError(
            'LagunaContainer needs the package testcontainers; run "pip install laguna[testing]".'
        ) from error
    return LagunaContainer
