"""`laguna doctor`: look at the local AWS's state, and save what can be saved of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from laguna.cli.output import Block, Table
from laguna.cli.server import settings_of
from laguna.cli.session import Session, command
from laguna.errors import ServerTrouble

if TYPE_CHECKING:
    from local_aws.storage.findings import Finding
    from local_aws.storage.repair import Repaired

_NEWER = "Files of a later Laguna were left alone: use that Laguna, or another --state."


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Every state file, and what was done about those that were not whole."""

    state: str
    findings: list[Finding]
    repaired: list[Repaired]
    usable: bool
    """Whether a server starts with it now."""

    def document(self) -> dict[str, Any]:
        """The folder, the files, the repairs."""
        return {
            "state": self.state,
            "usable": self.usable,
            "files": [_file(finding) for finding in self.findings],
            "repaired": [_repair(repaired) for repaired in self.repaired],
        }

    def blocks(self) -> Iterator[Block]:
        """A table, what is wrong, what was done, and the way on."""
        if not self.findings:
            yield f"There is no state in {self.state} yet."
            return
        yield Table(f"State in {self.state}", _COLUMNS, [_row(finding) for finding in self.findings])
        for finding in self.findings:
            if finding.detail:
                yield f"{finding.path}: {finding.detail}."
        for repaired in self.repaired:
            kept = f"; a copy is in {repaired.copy}" if repaired.copy else ""
            yield f"Repaired {repaired.path}: {repaired.did}{kept}."
        if self.usable:
            yield "A server starts with this state." if self.repaired else "All state files are whole."
        elif self.repaired or not any(_is_repairable(finding) for finding in self.findings):
            yield _NEWER
        else:
            yield "Nothing was changed; 'laguna doctor --repair' keeps a copy and saves what can be read."


_COLUMNS = ("file", "what", "size", "version", "verdict", "would be lost")


def _is_repairable(finding: Finding) -> bool:
    return finding.verdict not in ("ok", "newer")


def _row(finding: Finding) -> tuple[Any, ...]:
    lost = finding.lost if _is_repairable(finding) else ""
    version = "" if finding.version is None else str(finding.version)
    return (finding.path, finding.title, finding.size, version, finding.verdict.value, lost)


def _file(finding: Finding) -> dict[str, Any]:
    return {
        "path": finding.path,
        "what": finding.title,
        "size": finding.size,
        "version": finding.version,
        "verdict": finding.verdict.value,
        "detail": finding.detail,
        "would_be_lost": finding.lost if _is_repairable(finding) else None,
    }


def _repair(repaired: Repaired) -> dict[str, Any]:
    tables = {table.table: {"saved": table.saved, "lost": table.lost} for table in repaired.tables}
    return {"path": repaired.path, "did": repaired.did, "copy": repaired.copy, "tables": tables}


def examine_state(session: Session, *, repair: bool) -> Diagnosis:
    """Look at the profile's state folder, which no server may be using.

    Raises:
        ServerTrouble: one is, or the profile has none.
    """
    from local_aws.storage import repair as repairs

    state = settings_of(session.profile).state
    try:
        with repairs.held(state):
            findings = repairs.diagnose(state)
            repaired = repairs.repair(state, findings) if repair else []
            after = repairs.diagnose(state) if repaired else findings
    except repairs.StateHeld as error:
        raise ServerTrouble(
            f"A local AWS is using the state in {state}; stop it with 'laguna down', then look at its files."
        ) from error
    usable = all(finding.verdict == "ok" for finding in after)
    return Diagnosis(str(state), findings, repaired, usable)


@command("doctor", example="laguna doctor --repair", asks_server=False)
@click.option("--repair", is_flag=True, help="Keep a copy of each damaged file and save what can be read.")
def doctor(session: Session, *, repair: bool) -> None:
    """Look for damage in what a stopped local AWS keeps; repair it."""
    diagnosis = examine_state(session, repair=repair)
    session.output.answer(diagnosis)
    if not diagnosis.usable:
        click.get_current_context().exit(1)
