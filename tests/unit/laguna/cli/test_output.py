from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from laguna.cli.output import Block, Output, Table


class Answer:
    def document(self) -> dict[str, Any]:
        return {"ciudad": "Bogotá", "conteo": 3}

    def blocks(self) -> Iterator[Block]:
        yield "Done [not markup]."
        yield Table("t", ("ciudad", "conteo"), [("Bogotá", 1234), (None, 5), ("x" * 200, 6)])


def test_json_is_one_document_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    Output("json").answer(Answer())
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"ciudad": "Bogotá", "conteo": 3}
    assert "Bogotá" in captured.out
    assert captured.err == ""


def test_text_shows_lines_and_tables_without_folding_or_markup(capsys: pytest.CaptureFixture[str]) -> None:
    Output("text").answer(Answer())
    out = capsys.readouterr().out
    assert "Done [not markup]." in out
    assert "x" * 200 in out
    assert "NULL" in out
    assert "1,234" in out


def test_progress_is_plain_lines_on_stderr_when_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = Output("json")
    with output.progress("Deploying") as progress:
        progress.now("waiting for a bucket")
        progress.tell("  bucket made")
    output.note("done")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "Deploying\n  bucket made\ndone\n"
