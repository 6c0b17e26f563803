"""docs/support/athena-conformance.md says what the kept verdicts say, with a reason for each failure."""

from __future__ import annotations

import json

from benchmarks.conformance import PAGE, called, known_reasons, page, verdicts
from benchmarks.record import RESULTS

KEPT = json.loads((RESULTS / "conformance.json").read_text(encoding="utf-8"))["figures"]


def test_the_page_is_what_was_measured() -> None:
    assert page(KEPT, known_reasons()) == PAGE.read_text(encoding="utf-8")


def test_every_case_that_fails_has_a_reason() -> None:
    assert set(KEPT["failing"]) <= set(known_reasons())


def test_a_wrong_type_is_a_failure_and_an_unjudged_one_is_none() -> None:
    results = [
        {"id": "a", "group": "math", "value": True, "type": False, "exact": True, "why": None},
        {"id": "b", "group": "math", "value": True, "type": None, "exact": True, "why": None},
        {"id": "c", "group": "math", "value": False, "type": True, "exact": False, "why": "wrong value"},
    ]
    cases = {each: {"sql": "SELECT abs(-1), no_such(2)"} for each in "abc"}
    found = verdicts({"summary": {}, "results": results}, cases)
    assert found["failing"] == {
        "a": {"group": "math", "answer": "another type"},
        "c": {"group": "math", "answer": "wrong value"},
    }
    assert found["functions"] == {"abs": [1, 3]}


def test_a_statement_calls_the_functions_that_athena_knows() -> None:
    assert called("SELECT ABS (x), nothing(y) FROM abs WHERE count(*) > 1") == {"abs", "count"}
