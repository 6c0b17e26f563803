"""One JVM that runs Spark for one job after another.

Starting a JVM and loading Spark's classes takes most of a short job's time. So the JVM is started as
PySpark's own gateway (`PythonGatewayServer`), and a job's Python process is pointed to it with
`PYSPARK_GATEWAY_PORT` and `PYSPARK_GATEWAY_SECRET`, which PySpark understands by itself. A job's settings
are JVM system properties, as `spark-submit` passes them; after the job everything it could have left
behind is undone (`reset`).
"""

from __future__ import annotations

import os
import shutil
import signal
import struct
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from local_aws.spark.launch import JvmFailed, launch

START_SECONDS = 90.0
CALL_SECONDS = 30.0
LONGEST_READ = 2**20
GATEWAY_SERVER = "GATEWAY_SERVER"
"""The id under which py4j keeps the gateway itself."""


class SparkJvm:
    """A JVM that has been started; `await_ready` waits until it can be used.

    `folder` is its own, for what jobs spill and stage; it is removed with the JVM. `jars` are jars
    and folders of jars beside PySpark's.
    """

    def __init__(self, folder: Path, memory: str, jars: Sequence[Path] = ()) -> None:
        self.folder = folder
        self.jars = tuple(jars)
        self.staging = folder / "staging"
        self.listener: Callable[[str], None] | None = None
        """Is given each line of the JVM's log, which is the log of the job that runs on it."""
        self._last_lines: deque[str] = deque(maxlen=20)
        self.staging.mkdir(parents=True)
        (folder / "local").mkdir()
        self.port, self.secret = 0, ""
        self._properties: dict[str, str] = {}
        # Not below `folder`, which may be gone when the JVM comes to write here: then it would neither
        # listen nor look whether the server is still there, and stay for ever.
        self._handshake = Path(tempfile.mkdtemp(prefix="laguna-spark-"))
        self._process = launch(memory, folder, self._handshake / "gateway", jars)
        threading.Thread(target=self._read_log, name="spark-log", daemon=True).start()

    def await_ready(self) -> None:
        """Wait until the JVM answers.

        Raises:
            JvmFailed: it ended, or did not answer in time.
        """
        self.port, self.secret = self._await_gateway(self._handshake / "gateway")
        with self._connected() as gateway:
            self._properties = _string_properties(gateway)

    def prepare(self, properties: Mapping[str, str]) -> None:
        """Set the Spark settings of the job that comes next."""
        with self._connected() as gateway:
            for name, value in properties.items():
                gateway.jvm.java.lang.System.setProperty(name, value)

    def reset(self) -> None:
        """Undo what a job left: its context and sessions, settings, open file systems, objects, staged files.

        Raises:
            JvmFailed: the JVM does not answer any more.
        """
        with self._connected() as gateway:
            jvm = gateway.jvm
            # `getActive` is private[spark] in Scala, so it is only there on the companion object.
            contexts = getattr(getattr(jvm.org.apache.spark, "SparkContext$"), "MODULE$")
            context = contexts.getActive()
            if context.isDefined():
                context.get().stop()
            jvm.org.apache.spark.sql.SparkSession.clearActiveSession()
            jvm.org.apache.spark.sql.SparkSession.clearDefaultSession()
            jvm.org.apache.hadoop.fs.FileSystem.closeAll()
            self._restore_properties(gateway)
            _drop_objects(gateway)
        for scratch in (self.staging, self.folder / "local"):
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(parents=True)

    def refusal_of_database(self, driver: str, url: str, user: str, password: str) -> str | None:
        """What a database says to somebody who wants to enter it by JDBC; None when it lets him in.

        Raises:
            JvmFailed: the JVM does not answer.
        """
        from py4j.protocol import Py4JJavaError

        with self._connected() as gateway:
            properties = gateway.jvm.java.util.Properties()
            for name, value in (("user", user), ("password", password), ("loginTimeout", "10")):
                properties.setProperty(name, value)
            made: Any = gateway.jvm
            for part in driver.split("."):
                made = getattr(made, part)
            try:
                opened = made().connect(url, properties)
            except Py4JJavaError as error:
                return str(error.java_exception.getMessage())
            opened.close()
            return None

    def client_environment(self) -> dict[str, str]:
        """The variables that make PySpark in another process use this JVM."""
        return {
            "PYSPARK_GATEWAY_PORT": str(self.port),
            "PYSPARK_GATEWAY_SECRET": self.secret,
            "PYSPARK_PYTHON": sys.executable,
        }

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of the JVM."""
        return self._process.pid

    def kill(self) -> None:
        """End the JVM now and remove its folder."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        for folder in (self.folder, self._handshake):
            shutil.rmtree(folder, ignore_errors=True)

    def last_lines(self) -> str:
        """The end of the JVM's log, for an error message."""
        return "\n".join(self._last_lines)

    def _read_log(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as log:
            while raw := log.readline(LONGEST_READ):
                line = raw.decode("utf-8", "replace").rstrip("\n")
                self._last_lines.append(line)
                listener = self.listener
                if listener is not None:
                    listener(line)

    def _await_gateway(self, information: Path) -> tuple[int, str]:
        """Wait for the file that PythonGatewayServer writes: port, length of the secret, secret."""
        deadline = time.monotonic() + START_SECONDS
        while not information.exists():
            if not self.alive or time.monotonic() > deadline:
                lines = self.last_lines()
                self.kill()
                raise JvmFailed(f"Spark's JVM did not start: {lines}")
            time.sleep(0.02)
        content = information.read_bytes()
        port, length = struct.unpack(">ii", content[:8])
        return port, content[8 : 8 + length].decode()

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        from py4j.clientserver import ClientServer, JavaParameters, PythonParameters
        from py4j.protocol import Py4JError

        gateway = None
        try:
            gateway = ClientServer(
                # Without memory management: `_drop_objects` lets go of our objects as well, and py4j would
                # complain of those it wants to let go of after the JVM has ended.
                java_parameters=JavaParameters(
                    port=self.port,
                    auth_token=self.secret,
                    read_timeout=CALL_SECONDS,
                    enable_memory_management=False,
                ),
                python_parameters=PythonParameters(port=0, eager_load=False),
            )
            yield gateway
        except (Py4JError, OSError) as error:
            raise JvmFailed(f"Spark's JVM does not answer: {error}") from error
        finally:
            if gateway is not None:
                gateway.close()

    def _restore_properties(self, gateway: Any) -> None:
        system = gateway.jvm.java.lang.System
        for name in _string_properties(gateway).keys() - self._properties.keys():
            system.clearProperty(name)
        for name, value in self._properties.items():
            system.setProperty(name, value)


def _string_properties(gateway: Any) -> dict[str, str]:
    properties = gateway.jvm.java.lang.System.getProperties()
    return {name: properties.getProperty(name) for name in properties.stringPropertyNames()}


def _drop_objects(gateway: Any) -> None:
    """Let go of the JVM objects of Python processes that are gone; py4j would keep them for ever.

    py4j numbers objects as it hands them out (`o1`, `o2`, …), so all older than our first are not ours.
    """
    from py4j.java_gateway import JavaObject

    java_gateway = JavaObject(GATEWAY_SERVER, gateway._gateway_client).getGateway()
    ours = int(java_gateway._target_id[1:])
    objects = java_gateway.getBindings()
    for name in list(objects.keySet()):
        if name[0] == "o" and name[1:].isdigit() and int(name[1:]) < ours:
            objects.remove(name)
