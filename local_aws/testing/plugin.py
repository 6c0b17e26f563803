"""The old name of `laguna.testing.plugin`, for one more release."""

from laguna.testing.plugin import *  # noqa: F403
