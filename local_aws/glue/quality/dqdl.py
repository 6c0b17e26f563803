"""DQDL in the server: the parser that jobs have, which is on the path of job processes only.

It is loaded by its place rather than by the path, so that `awsglue` does not become a name of the server's.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

from local_aws.errors import AwsError
from local_aws.glue.catalog.errors import invalid
from local_aws.glue.jobs.process import JOB_PATH

PACKAGE = "awsgluedq"


def rule_count(text: str) -> int:
    """How many rules a ruleset has.

    Raises:
        AwsError: InvalidInputException, it is not DQDL.
    """
    parser = _parser()
    try:
        return len(parser.parse(text).rules)
    except parser.InvalidRuleset as error:
        raise _refused(str(error)) from error


def _refused(why: str) -> AwsError:
    return invalid(f"Ruleset is not valid: {why}")


@cache
def _parser() -> Any:
    if PACKAGE not in sys.modules:
        folder = JOB_PATH / PACKAGE
        spec = spec_from_file_location(
            PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        assert spec is not None
        assert spec.loader is not None
        package = module_from_spec(spec)
        sys.modules[PACKAGE] = package
        spec.loader.exec_module(package)
    return import_module(f"{PACKAGE}.dqdl")
