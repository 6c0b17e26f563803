"""The old name of `laguna.testing`, for one more release."""

from laguna.testing import LagunaContainer

__all__ = ["LagunaContainer"]
