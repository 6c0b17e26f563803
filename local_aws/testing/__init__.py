"""The old name of `laguna.testing`, for one more release."""

from laguna.testing import __getattr__ as __getattr__
