"""What Glue says of a script that failed: category, line and cause, without stack traces and local paths.

For example `Error Category: QUERY_ERROR; Failed Line Number: 24; AnalysisException: …`, as since Glue 2.0.
Which exception is of which category is nowhere documented; the table holds what failed runs on AWS showed.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping

CATEGORIES = {
    "AnalysisException": "QUERY_ERROR",
    "ParseException": "QUERY_ERROR",
    "ImportError": "IMPORT_ERROR",
    "ModuleNotFoundError": "IMPORT_ERROR",
    "SyntaxError": "SYNTAX_ERROR",
    "KeyError": "INVALID_ARGUMENT_ERROR",
    "NameError": "INVALID_ARGUMENT_ERROR",
    "GlueArgumentError": "INVALID_ARGUMENT_ERROR",
    "BookmarkVersionMismatch": "GLUE_JOB_BOOKMARK_VERSION_MISMATCH_ERROR",
}
LONGEST_MESSAGE = 4000
NO_BUCKET = "Could not initialize target File System for URI : s3"
JAVA_CALL = re.compile(r"An error occurred while calling (?P<call>\S+?)\.?\s*\n: (?P<trace>.*)", re.DOTALL)
"""py4j's text of an exception of Java: the call, and Java's stack trace."""
JAVA_CLASS = re.compile(r"^(?:[a-z_][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error|Throwable)?: ")


def failure_message(error: BaseException, script: str, places: Mapping[str, str] | None = None) -> str:
    """Glue's ErrorMessage for an exception that `script` let through; `places` names folders as AWS would."""
    names = [kind.__name__ for kind in type(error).__mro__]
    category = next((CATEGORIES[name] for name in names if name in CATEGORIES), "UNCLASSIFIED_ERROR")
    line = failed_line(error, script)
    parts = [f"Error Category: {category}"]
    if line is not None:
        parts.append(f"Failed Line Number: {line}")
    parts.append(without_places(_said(error), places or {})[:LONGEST_MESSAGE])
    return "; ".join(parts)


def failed_line(error: BaseException, script: str) -> int | None:
    """The line of `script` that was running, the innermost when functions of it called each other.

    None when it did not run at all: Glue names the line of a syntax error in the text.
    """
    lines = [
        line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == script
    ]
    return lines[-1] if lines else None


def without_places(text: str, places: Mapping[str, str]) -> str:
    """`text` with folders of this machine as what they are for a job: `s3:/` and `/tmp`."""
    for folder, name in places.items():
        text = re.sub(rf"(?:(?:file|laguna):(?://)?)?{re.escape(folder)}", name, text)
    return text


def _said(error: BaseException) -> str:
    """The exception's text, without a JVM's stack trace."""
    text = str(error)
    called = JAVA_CALL.match(text)
    if called is not None:
        said = f"An error occurred while calling {called['call']}. {_cause(called['trace'])}"
    else:
        kept = [
            line for line in text.splitlines() if line.strip() and not line.startswith(("\tat ", "\t..."))
        ]
        said = f"{type(error).__name__}: " + "\n".join(kept)
    return said + "\nThe specified bucket does not exist." if NO_BUCKET in text else said


def _cause(trace: str) -> str:
    """The message at the root of Java's stack trace."""
    last = trace.rsplit("\nCaused by: ", 1)[-1]
    message = last.split("\n\tat ", 1)[0].strip()
    return JAVA_CLASS.sub("", message)
