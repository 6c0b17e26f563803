"""Every benchmark can be started: what it imports is there."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import benchmarks

MODULES = [found.name for found in pkgutil.walk_packages(benchmarks.__path__, "benchmarks.")]


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_a_benchmark_finds_what_it_imports(name: str) -> None:
    importlib.import_module(name)
