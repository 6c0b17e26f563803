"""Carries out job runs: a thread a run, from STARTING to its end.

A run that has ended is told to listeners (triggers), after its state is stored. A run ends in exactly one
of SUCCEEDED, FAILED, STOPPED, TIMEOUT; whatever goes wrong here is a FAILED run that says what.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from local_aws.glue.jobs.active_runs import ActiveRun, End
from local_aws.glue.jobs.arguments import (
    Arguments,
    Unsupported,
    check_supported,
    notes,
    script_arguments,
    variables,
)
from local_aws.glue.jobs.bookmark_store import BookmarkStore
from local_aws.glue.jobs.bookmarks import RunBookmark
from local_aws.glue.jobs.needs import metastore_socket, wanted_jars, with_modules
from local_aws.glue.jobs.new_runs import dpu_seconds
from local_aws.glue.jobs.process import ScriptProcess, python_path, script_environment
from local_aws.glue.jobs.run_channel import RunChannel
from local_aws.glue.jobs.runs import Job, JobRun, RunStore, now
from local_aws.glue.jobs.versions import notes_on_versions
from local_aws.glue.jobs.workspace import LaunchFailed, Workspace, make_workspace
from local_aws.glue.logs import LogStream
from local_aws.glue.server_clients import server_clients
from local_aws.identity.role_sessions import RoleSessions
from local_aws.s3.store import ObjectStore
from local_aws.settings import Settings
from local_aws.spark import JvmFailed, NoJava, WarmSpark
from local_aws.spark.jvm import SparkJvm
from local_aws.spark.properties import (
    aws_sdk_properties,
    conf_arguments,
    glue_properties,
    metastore_properties,
)
from local_aws.storage.answers import answer_for
from local_aws.storage.room import when_there_is_room
from local_aws.user_cache import NotInstalled

logger = logging.getLogger(__name__)

LogClient = Callable[[], Any]
Listener = Callable[[JobRun], None]
CLOSE_SECONDS = 10.0
ROLE_SESSION = "GlueJobRunnerSession"
"""What Glue calls the session of a job's role."""
ROLE_MARGIN = timedelta(minutes=15)


class JobRunner:
    """Runs the jobs of one region."""

    def __init__(
        self,
        settings: Settings,
        region: str,
        store: ObjectStore,
        runs: RunStore,
        bookmarks: BookmarkStore,
        spark: WarmSpark,
        roles: RoleSessions,
        log_client: LogClient | None = None,
    ) -> None:
        self._settings = settings
        self._region = region
        self._store = store
        self._runs = runs
        self._bookmarks = bookmarks
        self._spark = spark
        self._roles = roles
        self._log_client = log_client or (lambda: server_clients(settings, region)("logs"))
        self._logs: Any = None
        self._active: dict[str, ActiveRun] = {}
        self._lock = threading.Lock()
        self._folder = settings.state / "tmp" / "jobs"
        self.listeners: list[Listener] = []

    def start(self, job: Job, job_id: str, run: JobRun, arguments: Arguments) -> None:
        """Carry out `run`, which is stored already, in the background."""
        active = ActiveRun(run, job, job_id, arguments)
        active.thread = threading.Thread(target=self._supervise, args=(active,), name="job-run", daemon=True)
        with self._lock:
            self._active[active.id] = active
        active.thread.start()

    def stop(self, run_id: str) -> None:
        """End a run; it becomes STOPPED shortly after."""
        with self._lock:
            active = self._active.get(run_id)
        if active is not None:
            active.stopping.set()
            process = active.process
            if process is not None:
                process.kill()

    def under_way(self) -> list[str]:
        """The runs that have not ended, or whose end is not yet told to all listeners."""
        with self._lock:
            return [f"Glue job run {active.run['JobName']} {active.id}" for active in self._active.values()]

    def close(self) -> None:
        """Stop every run."""
        with self._lock:
            active = list(self._active.values())
        for one in active:
            self.stop(one.id)
        for one in active:
            if one.thread is not None:
                one.thread.join(CLOSE_SECONDS)

    def _supervise(self, active: ActiveRun) -> None:
        logs = self._open_logs(active)
        jvm: SparkJvm | None = None
        end = End("FAILED")
        folder = self._folder / active.id
        try:
            self._refuse_unsupported(active, logs["error"])
            location = active.job["Command"]["ScriptLocation"]
            workspace = make_workspace(folder, location, active.arguments, self._store)
            say, cancelled = logs["error"].write, active.stopping.is_set
            workspace = with_modules(active.job, active.arguments, workspace, say, cancelled)
            if active.job["Command"]["Name"] == "glueetl":
                active.metastore = metastore_socket(active.arguments)
                jvm = self._borrow_jvm(active, workspace, logs["error"])
            end = self._execute(active, workspace, jvm, logs["output"])
        except (LaunchFailed, NotInstalled, Unsupported, NoJava, JvmFailed) as error:
            end = End("FAILED", str(error))
        except Exception as error:
            logger.exception("Job run %s failed in the server", active.id)
            failed = answer_for(error)
            end = End("FAILED", f"Internal service exception: {failed.message if failed else error}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._finish(active, end, jvm, logs)

    def _finish(self, active: ActiveRun, end: End, jvm: SparkJvm | None, logs: dict[str, LogStream]) -> None:
        """Let go of what the run used, and store its end last, when log and output are complete."""
        if jvm is not None:
            # A run's own jars go with it, and so does the JVM that has them.
            self._spark.release(jvm, reusable=end.clean and not active.arguments.get("--extra-jars"))
        if end.error:
            logs["error"].write(end.error)
        for stream in logs.values():
            stream.close()
        if active.metastore is not None:
            active.metastore.close()
        if active.channel is not None:
            active.channel.close()
        active.process = None
        self._store_end(active, end)
        with self._lock:
            self._active.pop(active.id, None)

    def _store_end(self, active: ActiveRun, end: End) -> None:
        changes: dict[str, Any] = {"JobRunState": end.state, "CompletedOn": now()}
        changes["ExecutionTime"] = round(end.seconds)
        scales = active.arguments.get("--enable-auto-scaling", "false").lower() == "true"
        changes |= dpu_seconds(active.run, scales, changes["ExecutionTime"])
        if end.error:
            changes["ErrorMessage"] = end.error
        run = when_there_is_room(lambda: self._runs.change_run(active.id, **changes), active.stopping.is_set)
        for listener in self.listeners:
            try:
                # Nothing is stored of the end of a run whose job was deleted; what waits for it must know.
                listener(run or {**active.run, **changes})
            except Exception:
                logger.exception("After the end of job run %s", active.id)

    def _refuse_unsupported(self, active: ActiveRun, log: LogStream) -> None:
        check_supported(active.arguments)
        for note in (*notes_on_versions(active.job), *notes(active.arguments)):
            log.write(f"Laguna: {note}")

    def _borrow_jvm(self, active: ActiveRun, workspace: Workspace, log: LogStream) -> SparkJvm | None:
        """A JVM with this run's settings; None when the run was stopped while it waited for one."""
        wanted = wanted_jars(active.job, active.arguments, workspace, log.write)
        jvm = self._spark.acquire(active.stopping.is_set, wanted)
        if jvm is None:
            return None
        jvm.listener = log.write
        try:
            jvm.prepare(self._properties(active, workspace, jvm))
        except BaseException:
            self._spark.release(jvm, reusable=False)
            raise
        return jvm

    def _properties(self, active: ActiveRun, workspace: Workspace, jvm: SparkJvm) -> dict[str, str]:
        executor = variables(active.arguments.get("--customer-executor-env-vars", ""))
        # Python workers get the run's libraries by their environment.
        executor["PYTHONPATH"] = python_path(workspace.import_paths)
        # A worker's Java names files in this encoding, as the driver's does.
        executor["LC_ALL"] = "C.UTF-8"
        return {
            **glue_properties(active.job["Name"], os.cpu_count() or 1, self._settings.spark_master),
            **self._store.for_spark(jvm.staging),
            **aws_sdk_properties(self._settings.endpoint, self._region, self._role(active)),
            **_catalog(active.metastore, jvm),
            **{f"spark.executorEnv.{name}": value for name, value in executor.items()},
            **conf_arguments(active.arguments.get("--conf", "")),
        }

    def _execute(
        self, active: ActiveRun, workspace: Workspace, jvm: SparkJvm | None, output: LogStream
    ) -> End:
        """Run the script and wait for its end, for the run's timeout at most."""
        if active.stopping.is_set():
            return End("STOPPED", clean=jvm is not None)
        begin = time.monotonic()
        extra = variables(active.arguments.get("--customer-driver-env-vars", ""))
        environment = self._environment(workspace, jvm, {**self._role(active), **extra})
        arguments = script_arguments(active.job["Name"], active.id, active.job_id, active.arguments)
        active.channel = RunChannel(RunBookmark(self._bookmarks, active.run, active.job_id).answer)
        sockets = {"metastore": active.metastore, "channel": active.channel.script_end}
        process = active.process = ScriptProcess(
            workspace, arguments, environment, output.write, sockets, self._places(jvm)
        )
        active.channel.start()
        self._runs.change_run(active.id, JobRunState="RUNNING")
        if active.stopping.is_set():
            process.kill()
        in_time = process.wait(active.run["Timeout"] * 60)
        if not in_time:
            process.kill()
        ended = process.ended()
        seconds = time.monotonic() - begin
        if active.stopping.is_set():
            return End("STOPPED", seconds=seconds)
        if not in_time:
            return End("TIMEOUT", f"The run passed its timeout of {active.run['Timeout']} minutes.", seconds)
        error = ended.error
        if error and jvm is not None and not jvm.alive:
            error += " (Spark's JVM ended while the script ran.)"
        return End("FAILED" if error else "SUCCEEDED", error, seconds, clean=ended.by_itself)

    def _places(self, jvm: SparkJvm | None) -> dict[str, str]:
        """Folders of this machine, the longest first, and what they are for a job."""
        staging = {str(jvm.staging): "s3:/"} if jvm is not None else {}
        return {**staging, str(self._settings.state / "s3"): "s3:/", str(self._settings.state): ""}

    def _role(self, active: ActiveRun) -> dict[str, str]:
        """The variables by which the script is its job's role, a little longer than it may take."""
        if active.credentials is None:
            lifetime = timedelta(minutes=active.run["Timeout"]) + ROLE_MARGIN
            active.credentials = self._roles.variables(active.job["Role"], ROLE_SESSION, lifetime)
        return active.credentials

    def _environment(
        self, workspace: Workspace, jvm: SparkJvm | None, extra: dict[str, str]
    ) -> dict[str, str]:
        spark = jvm.client_environment() if jvm is not None else {}
        home = workspace.folder.parent
        paths = workspace.import_paths
        return script_environment(self._settings, self._region, paths, home, {**spark, **extra})

    def _open_logs(self, active: ActiveRun) -> dict[str, LogStream]:
        if self._logs is None:
            self._logs = self._log_client()
        prefix = active.arguments.get("--custom-logGroup-prefix") or active.run["LogGroupName"]
        return {kind: LogStream(self._logs, f"{prefix}/{kind}", active.id) for kind in ("output", "error")}


def _catalog(metastore: socket.socket | None, jvm: SparkJvm) -> dict[str, str]:
    return {} if metastore is None else metastore_properties(metastore.getsockname()[1], jvm.folder)
