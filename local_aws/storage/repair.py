"""Bring a state folder back to one that a server starts with: what `laguna doctor --repair` does.

Of each file that is changed or removed a copy is kept first, named for the time. What was saved is complete
before it takes the place of the damaged file, so a repair that is killed can be done again.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from local_aws.storage.examine import examine
from local_aws.storage.findings import Finding, Verdict
from local_aws.storage.kinds import DAMAGED, NOTE, kind_of, present
from local_aws.storage.manifest import NAME, Manifest, enter, strike
from local_aws.storage.salvage import NothingToSave, SavedTable, salvage
from local_aws.storage.start import look_at


class StateHeld(Exception):
    """A server uses the state folder."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was done about one file."""

    path: str
    did: str
    """In words."""
    copy: str | None = None
    """The copy of what was there, below the state folder."""
    tables: tuple[SavedTable, ...] = ()


@contextmanager
def held(state: Path) -> Iterator[None]:
    """A block in which no server starts on this state folder.

    Raises:
        StateHeld: one runs.
    """
    try:
        handle = (state / "lock").open("rb")
    except OSError:
        yield  # no server ever was here
        return
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StateHeld(f"a server is using the state folder {state}") from error
        yield


def diagnose(state: Path) -> list[Finding]:
    """Every file of a state folder that no server uses."""
    if not state.is_dir():
        return []
    findings = look_at(state)
    if (state / NOTE).exists():
        note = examine(state, NOTE)
        findings.append(note)
    return sorted(findings, key=lambda finding: finding.path)


def repair(state: Path, findings: list[Finding]) -> list[Repaired]:
    """Repair what can be; files that are whole or of a later Laguna are left alone."""
    wrong = [finding for finding in findings if finding.verdict not in (Verdict.OK, Verdict.NEWER)]
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    # First, since the others are entered in it or struck out.
    wrong.sort(key=lambda finding: finding.path != NAME)
    return [_repaired(state, finding, stamp) for finding in wrong]


def _repaired(state: Path, finding: Finding, stamp: str) -> Repaired:
    path = finding.path
    if path != NAME and _is_no_file(state, path):
        strike(state, path)
        return Repaired(path, "no file; the next start makes a new one", _keep(state / path, stamp))
    if path == NAME:
        copy = _keep(state / path, stamp)
        listed = [found for found in present(state) if (kind := kind_of(found)) and kind.is_listed]
        Manifest(dict.fromkeys(listed)).write(state)
        return Repaired(path, f"written anew from the {len(listed)} files that are there", copy)
    if finding.verdict is Verdict.MISSING:
        strike(state, path)
        return Repaired(path, f"gone, and so are {finding.lost}; the next start makes a new one")
    kind = kind_of(path)
    if kind is not None and kind.form != "json":
        return _repair_database(state, path, stamp)
    if path.startswith("snapshots/") and path.count("/") > 1:
        return _set_aside_snapshot(state, path, stamp)
    copy = _keep(state / path, stamp)
    (state / path).unlink()
    return Repaired(path, "removed", copy)


def _is_no_file(state: Path, path: str) -> bool:
    """Whether something else, a folder or a link that leads nowhere, has the place of a file."""
    kind, place = kind_of(path), state / path
    return (kind is None or kind.form != "folder") and _occupies(place)


def _occupies(place: Path) -> bool:
    return place.is_dir() or (place.is_symlink() and not place.exists())


def _repair_database(state: Path, path: str, stamp: str) -> Repaired:
    kind = kind_of(path)
    assert kind is not None
    file = state / path
    scratch, new = (file.with_name(f"{file.name}.{name}") for name in ("scratch", "new"))
    copy = _keep(file, stamp)
    try:
        for end in ("", "-wal"):
            if file.with_name(file.name + end).exists():
                shutil.copyfile(file.with_name(file.name + end), scratch.with_name(scratch.name + end))
        new.unlink(missing_ok=True)
        tables = salvage(scratch, new, kind)
    except NothingToSave:
        new.unlink(missing_ok=True)
        strike(state, path)
        _remove(file)
        return Repaired(path, "nothing of it could be read; the next start makes a new one", copy)
    finally:
        _remove(scratch)
    # A log that is beside a database is taken for its own.
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    os.replace(new, file)
    strike(state, path)  # the seal is of the damaged file
    enter(state, path)
    return Repaired(path, _told(tables), copy, tuple(tables))


def _told(tables: list[SavedTable]) -> str:
    saved = sum(table.saved for table in tables)
    known = sum(table.lost or 0 for table in tables)
    unknown = [table.table for table in tables if table.lost is None]
    told = f"saved {saved} rows"
    if known or not unknown:
        told += f", lost {known}" if known else ", lost none that can be told"
    if unknown:
        told += f"; how many were lost of {', '.join(unknown)} is not known"
    return told


def _set_aside_snapshot(state: Path, path: str, stamp: str) -> Repaired:
    name = path.split("/")[1]
    aside = state / f"snapshots{DAMAGED}{stamp}"
    aside.mkdir(exist_ok=True)
    if (state / "snapshots" / name).exists():
        os.replace(state / "snapshots" / name, aside / name)
    return Repaired(
        path, f"the snapshot '{name}' was set aside", (aside / name).relative_to(state).as_posix()
    )


def _keep(file: Path, stamp: str) -> str | None:
    """Keep a copy of a file and of its log, if it is there, or what has its place; the copy's name."""
    copy = file.with_name(f"{file.name}{DAMAGED}{stamp}")
    if _occupies(file):
        os.replace(file, copy)
        return copy.name
    if not file.exists():
        return None
    for end in ("", "-wal"):
        if (log := file.with_name(file.name + end)).exists():
            shutil.copy2(log, copy.with_name(copy.name + end))
    return copy.name


def _remove(file: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + end).unlink(missing_ok=True)
