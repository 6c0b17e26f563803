# ruff: noqa: N802 - the names are AWS's
"""Reads a job's arguments.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-get-resolved-options.html
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

DISABLED, PAUSED = "job-bookmark-disable", "job-bookmark-pause"
BOOKMARK_OPTIONS = ("job-bookmark-enable", PAUSED, DISABLED)
RESERVED = {
    "job-bookmark-option": BOOKMARK_OPTIONS,
    "job-bookmark-from": None,
    "job-bookmark-to": None,
    "JOB_ID": None,
    "JOB_RUN_ID": None,
    "SECURITY_CONFIGURATION": None,
    "encryption-type": ("sse-s3",),
    "enable-data-lineage": None,
}
"""Arguments that Glue itself passes, with the values they may have. A script must not ask for them."""
TEMPORARY = ("TempDir", "RedshiftTempDir")
"""Two names of one thing; never required."""


class GlueArgumentError(Exception):
    """A required argument is missing, or one has no value."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise where argparse would end the process."""
        raise GlueArgumentError(message)


def getResolvedOptions(args: Sequence[str], options: Sequence[str]) -> dict[str, Any]:
    """The values of the arguments named in `options`, and of Glue's own.

    Args:
        args: `sys.argv`.
        options: names without dashes; each is required.

    Raises:
        GlueArgumentError: a named argument is missing.
        RuntimeError: a reserved name is asked for, or the bookmark range is incomplete.
    """
    parser = _Parser(add_help=False)
    for name, choices in RESERVED.items():
        if name in options or name.replace("-", "_") in options:
            raise RuntimeError(f"Using reserved arguments --{name}")
        parser.add_argument(f"--{name}", choices=choices)
    for name in TEMPORARY:
        parser.add_argument(f"--{name}")
    for name in dict.fromkeys(options):
        if name not in TEMPORARY:
            parser.add_argument(f"--{name}", required=True)
    resolved = vars(parser.parse_known_args(list(args[1:]))[0])
    resolved["job_bookmark_option"] = resolved["job_bookmark_option"] or DISABLED
    resolved["TempDir"] = resolved["RedshiftTempDir"] = resolved["TempDir"] or resolved["RedshiftTempDir"]
    _check_bookmark_range(resolved)
    return resolved


def _check_bookmark_range(resolved: dict[str, Any]) -> None:
    """A paused bookmark has both ends of its range or none; any other has none."""
    missing = [name for name in ("job_bookmark_from", "job_bookmark_to") if resolved[name] is None]
    if resolved["job_bookmark_option"] == PAUSED:
        if len(missing) == 1:
            raise RuntimeError("Missing option or value for --" + missing[0].replace("_", "-"))
    elif not missing:
        raise RuntimeError("Invalid option(s) --job-bookmark-from --job-bookmark-to")
