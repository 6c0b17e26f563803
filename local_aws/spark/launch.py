"""Starts a JVM with PySpark's gateway in it, as `spark-submit` would, without its two extra processes.

The JVM reads its standard input, a pipe that the server holds: when the server ends, even by `kill -9`, the
pipe closes and the JVM exits.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from local_aws.spark.java import find_java_home

# What spark-submit adds for Java 17 (org.apache.spark.launcher.JavaModuleOptions).
_OPENED = (
    "java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util",
    "java.util.concurrent", "java.util.concurrent.atomic", "jdk.internal.ref", "sun.nio.ch", "sun.nio.cs",
    "sun.security.action", "sun.util.calendar",
)  # fmt: skip
MODULE_FLAGS = (
    *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
    "--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
    "-Djdk.reflect.useDirectMethodHandle=false",
)


# Measured on the rehearsal: half the processor time and two thirds of the memory of Java's defaults, which
# optimise for hours of the same work. `LAGUNA_SPARK_JAVA_OPTIONS="-XX:TieredStopAtLevel=4"` undoes it.
SHORT_JOB_FLAGS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class JvmFailed(Exception):
    """The JVM did not start, died, or no longer answers."""


def launch(
    memory: str, folder: Path, handshake: Path, more_jars: Sequence[Path] = ()
) -> subprocess.Popen[bytes]:
    """Start a JVM with a heap of `memory` (Java's notation, `2g`) that works in `folder`.

    `more_jars` are jars and folders of jars beside PySpark's.

    It writes the file `handshake` once it listens. Its standard output and error are one pipe.

    Raises:
        NoJava: there is no Java 17.
        JvmFailed: there is no PySpark.
    """
    home = find_java_home(os.environ)
    class_path = java_class_path([spark_home() / "jars", *more_jars])
    command = [str(home / "bin" / "java"), *_flags(memory, folder), "-cp", class_path]
    return subprocess.Popen(
        [*command, "org.apache.spark.api.python.PythonGatewayServer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=_environment(home, folder, handshake),
        cwd=folder,
        start_new_session=True,
    )


def java_class_path(jars: Sequence[Path]) -> str:
    """Jars and folders of jars in Java's notation."""
    return os.pathsep.join(str(one / "*" if one.is_dir() else one) for one in jars)


def spark_home() -> Path:
    """The folder of PySpark, found without importing it."""
    spec = find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise JvmFailed('PySpark is not installed. Run "pip install pyspark==3.5.6".')
    return Path(spec.origin).parent


def _flags(memory: str, folder: Path) -> list[str]:
    return [
        f"-Xmx{memory}",
        *SHORT_JOB_FLAGS,
        "-XX:+ExitOnOutOfMemoryError",
        "-Dfile.encoding=UTF-8",
        "-Duser.timezone=UTC",
        "-Duser.language=en",
        f"-Djava.io.tmpdir={folder / 'local'}",
        f"-Dspark.sql.warehouse.dir={folder / 'local' / 'warehouse'}",
        *MODULE_FLAGS,
        *shlex.split(os.environ.get("LAGUNA_SPARK_JAVA_OPTIONS", "")),
    ]


def _environment(java_home: Path, folder: Path, handshake: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYSPARK_", "SPARK_"))}
    return {
        **kept,
        "JAVA_HOME": str(java_home),
        "SPARK_HOME": str(spark_home()),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "PYSPARK_PYTHON": sys.executable,
        "_PYSPARK_DRIVER_CONN_INFO_PATH": str(handshake),
        # Java names files in this encoding; with another, `año=2025` would become `a?o=2025`.
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }
