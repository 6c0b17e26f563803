"""What a server makes sure of before it opens its state, and what it leaves when it stops.

Refused is what would otherwise be silently new, or fail later one request at a time. All state is looked at
in well under a second: files that were sealed by the last stop are compared with their seals, others (after a
kill) are read as long as they are not larger than `WHOLE` together, which takes a tenth of a second. Of what
is larger, the beginning and the schema are read here, and all of it in the background.
"""

from __future__ import annotations

import logging
import os
import shutil
import struct
import threading
from pathlib import Path

from local_aws.storage.answers import find_damage_of
from local_aws.storage.examine import HEADER, examine
from local_aws.storage.findings import Finding, Verdict
from local_aws.storage.kinds import APPLICATION_ID, kind_of, present
from local_aws.storage.manifest import NAME, Manifest, ManifestDamaged, ManifestNewer
from local_aws.storage.seals import seal_all
from local_aws.storage.sqlite import close_below, opened
from local_aws.storage.trouble import StateUnusable

logger = logging.getLogger(__name__)

WHOLE = 64 << 20
"""Bytes of databases without a seal that are read before the start."""
ROOM = 4 << 20
"""Bytes that a start must find: the databases of a new state, their logs and indexes take 2.5 million."""


class NoRoom(Exception):
    """The disk of the state folder is full."""


def require_room(state: Path) -> None:
    """Raise NoRoom unless a server can be started on that disk."""
    folder = next(folder for folder in (state, *state.parents) if folder.exists())
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        raise NoRoom(
            f"No space left for the state in {state}: {free >> 10} KB are free and a start needs "
            f"{ROOM >> 10}; make room there, or choose another state folder with --state"
        )


def open_state(state: Path) -> bool:
    """Make sure of a state folder, and note that its files are in use; whether all of it was read.

    Raises:
        StateUnusable: a file is damaged, empty, missing or of a later Laguna.
    """
    findings = look_at(state, whole_up_to=WHOLE)
    bad = [finding for finding in findings if finding.verdict is not Verdict.OK]
    if bad:
        raise StateUnusable(bad, option_for(state))
    listed = (finding.path for finding in findings if (kind := kind_of(finding.path)) and kind.is_listed)
    Manifest(dict.fromkeys(listed)).write(state)
    return all(finding.whole for finding in findings)


def option_for(state: Path) -> str:
    """How a command names this state folder, when it is not the usual one."""
    return "" if state.name == ".laguna" else f" --state {state}"


def look_at(state: Path, *, whole_up_to: float = float("inf")) -> list[Finding]:
    """Every state file that is there or should be."""
    try:
        manifest = Manifest.read(state)
    except ManifestDamaged:
        return [Finding(NAME, _emptiness(state / NAME), size=(state / NAME).stat().st_size)]
    except ManifestNewer as error:
        return [Finding(NAME, Verdict.NEWER, f"its version is {error}")]
    found = present(state)
    if manifest is None:
        return _first_look(state, found, whole_up_to)
    known = [path for path in manifest.files if kind_of(path) is not None]
    return [
        examine(state, path, manifest.files.get(path), whole=whole)
        for path, whole in _budgeted(state, sorted({*found, *known}), manifest, whole_up_to)
    ]


def _first_look(state: Path, found: list[str], whole_up_to: float) -> list[Finding]:
    """A state folder without a manifest: a new one, one from before there were any, or one that lost it."""
    budgeted = _budgeted(state, found, Manifest(), whole_up_to)
    findings = [examine(state, path, whole=whole) for path, whole in budgeted]
    if any(_is_marked(state / path) for path in found):
        findings.append(Finding(NAME, Verdict.MISSING))
    if "s3.sqlite" not in found and "s3" in found and any((state / "s3").iterdir()):
        findings.append(Finding("s3.sqlite", Verdict.MISSING))
    return findings


def _budgeted(state: Path, paths: list[str], manifest: Manifest, budget: float) -> list[tuple[str, bool]]:
    """Each path, and whether all of it is to be read."""
    budgeted = []
    for path in paths:
        try:
            size = 0 if manifest.files.get(path) else (state / path).stat().st_size
        except OSError:
            size = 0
        budgeted.append((path, size <= budget))
        budget -= size if size <= budget else 0
    return budgeted


def _is_marked(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened_file:
        header = opened_file.read(HEADER)
    return len(header) == HEADER and struct.unpack_from(">I", header, 68)[0] == APPLICATION_ID


def _emptiness(file: Path) -> Verdict:
    return Verdict.DAMAGED if file.stat().st_size else Verdict.EMPTY


def read_the_rest() -> None:
    """Read all of the open databases in the background; what is damaged shows on the health page."""

    def read() -> None:
        for database in opened():
            database.damage = database.damage or find_damage_of(database)

    threading.Thread(target=read, name="state", daemon=True).start()


def close_state(state: Path) -> None:
    """Seal the files of a state folder whose server has stopped. A failure leaves them unsealed."""
    try:
        close_below(state)
        seal_all(state)
    except (OSError, ManifestDamaged, ManifestNewer) as error:
        logger.warning("The state could not be sealed: %s", error)


def require_writable(state: Path) -> None:
    """Raise OSError unless files can be made in a state folder, which is made when absent."""
    state.mkdir(parents=True, exist_ok=True)
    probe = state / f".probe-{os.getpid()}"
    try:
        probe.write_bytes(b"")
    finally:
        probe.unlink(missing_ok=True)
