"""These tests stop services and look inside of them: each has a lake of its own."""

from __future__ import annotations

import pytest

from tests.unit.local_athena.conftest import Lake


@pytest.fixture
def lake(own_lake: Lake) -> Lake:
    return own_lake
