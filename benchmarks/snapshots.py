"""Time a snapshot of the loaded lake: saving it, and putting it back after changes.

    python -m benchmarks.snapshots

The peer is what one would do without: stop the server, copy the saved state folder back, start it, and wait
until IAM, which is moto's, answers with the old users.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.record import record
from benchmarks.servers import running_server
from laguna.testing.running import Laguna
from local_aws import control
from local_aws.settings import Settings
from local_aws.snapshots.client import SnapshotClient

ROUNDS = 10
PEER_ROUNDS = 3


def main() -> None:
    with running_server() as settings:
        load_the_lake(settings)
        laguna, snapshots = Laguna(settings), SnapshotClient(settings.endpoint)
        saved = snapshots.save("loaded", wait=60)
        # The image of moto's state is made in the background; a first load waits for it.
        first = load_after(change_everything, laguna, snapshots)
        times = {
            "save_ms": measured(lambda: timed(lambda: snapshots.save("again"))),
            "load_data_changed_ms": measured(lambda: load_after(change_data, laguna, snapshots)),
            "load_everything_changed_ms": measured(lambda: load_after(change_everything, laguna, snapshots)),
        }
        peer = copy_and_restart(laguna)
    medians = {name: round(statistics.median(values) * 1000, 1) for name, values in times.items()}
    peer_ms = round(statistics.median(peer) * 1000, 1)
    record(
        "snapshots",
        {
            "objects": saved["objects"],
            "bytes": saved["bytes"],
            "first_load_s": round(first, 3),
            **medians,
            "copy_and_restart_ms": peer_ms,
            "copy_and_restart_over_load": round(peer_ms / medians["load_everything_changed_ms"], 1),
        },
        ("moto",),
    )


def load_the_lake(settings: Settings) -> None:
    """What `laguna demo` does: deploy, ingest the samples, run."""
    from laguna.cli.commands.demo import show_all
    from laguna.cli.output import Output
    from laguna.cli.session import Session
    from laguna.profiles.profile import load_profile
    from laguna.project import own_project

    project = own_project()
    profile = load_profile("local", project, port=settings.port, state=settings.state)
    show_all(Session(project, profile, Output("text")), yes=True)


def change_data(laguna: Laguna) -> None:
    s3, glue = laguna.client("s3"), laguna.client("glue")
    bucket = s3.list_buckets()["Buckets"][0]["Name"]
    for number in range(20):
        s3.put_object(Bucket=bucket, Key=f"raw/new/{number}", Body=b"x" * 65536)
    glue.create_database(DatabaseInput={"Name": "scratch"})


def change_everything(laguna: Laguna) -> None:
    change_data(laguna)
    laguna.client("iam").create_user(UserName="somebody")


def load_after(change: Callable[[Laguna], None], laguna: Laguna, snapshots: SnapshotClient) -> float:
    """Seconds of a load, until IAM has answered."""
    change(laguna)
    return timed(lambda: (snapshots.load("loaded"), require_no_users(laguna)))


def copy_and_restart(laguna: Laguna) -> list[float]:
    settings = laguna.settings
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "state"
        control.stop(settings)
        shutil.copytree(settings.state, kept, ignore=shutil.ignore_patterns("snapshots", "tmp"))
        control.start(settings)
        seconds = []
        for _ in range(PEER_ROUNDS):
            change_everything(laguna)
            seconds.append(timed(lambda: put_copy_back(laguna, kept)))
        return seconds


def put_copy_back(laguna: Laguna, kept: Path) -> None:
    control.stop(laguna.settings)
    shutil.rmtree(laguna.state)
    shutil.copytree(kept, laguna.state)
    control.start(laguna.settings)
    require_no_users(laguna)


def require_no_users(laguna: Laguna) -> None:
    assert laguna.client("iam").list_users()["Users"] == []


def measured(act: Callable[[], float]) -> list[float]:
    return [act() for _ in range(ROUNDS)]


def timed(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
