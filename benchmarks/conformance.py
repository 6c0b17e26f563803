"""docs/support/athena-conformance.md, made from what the judge of the SQL cases said.

Trino's own public tests, as SQL with the answers they expect, are sent to a running Laguna by a judge that
stands outside this project. `python -m benchmarks.conformance RESULTS.json CASES.jsonl` keeps its verdicts in
`results/conformance.json` and writes the page; a test compares the two. A case that fails without a reason in
`conformance_reasons.toml` is named by the command, which then fails.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.record import record
from local_athena.functions.catalogue import KNOWN

PAGE = Path(__file__).parents[1] / "docs" / "support" / "athena-conformance.md"
REASONS = Path(__file__).with_name("conformance_reasons.toml")
APART = re.compile(r".*_highprec|match_recognize")


def main() -> None:
    """Keep the verdicts and write the page."""
    judged = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    lines = Path(sys.argv[2]).read_text(encoding="utf-8").strip().split("\n")
    cases = {case["id"]: case for case in map(json.loads, lines)}
    figures = verdicts(judged, cases)
    record("conformance", figures, ("duckdb", "sqlglot"))
    reasons = known_reasons()
    PAGE.write_text(page(figures, reasons), encoding="utf-8")
    unexplained = [case for case in figures["failing"] if case not in reasons]
    if unexplained:
        sys.exit(f"No reason is given in {REASONS.name} for: {', '.join(unexplained)}")


def verdicts(judged: dict[str, Any], cases: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Rates by group, right and all cases by function, and the cases whose value or type is wrong."""
    groups = {name: counts for name, counts in sorted(judged["summary"].items()) if name != "ALL"}
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    failing = {}
    for result in judged["results"]:
        passed = bool(result["value"]) and result["type"] is not False
        for name in called(cases[result["id"]]["sql"]):
            asked[name] += 1
            right[name] += passed
        if not passed:
            failing[result["id"]] = {"group": result["group"], "answer": result["why"] or "another type"}
    functions = {name: [right[name], count] for name, count in sorted(asked.items())}
    return {"groups": groups, "functions": functions, "failing": failing}


def called(sql: str) -> set[str]:
    """The functions of Athena that a statement calls."""
    return {name for name in re.findall(r"\b([a-z_0-9]+)\s*\(", sql.lower()) if name in KNOWN}


def known_reasons() -> dict[str, str]:
    """The reason of each case that is known to fail."""
    by_reason: dict[str, list[str]] = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    return {case: reason for reason, cases in by_reason.items() for case in cases}


def page(figures: dict[str, Any], reasons: dict[str, str]) -> str:
    """The page as Markdown."""
    groups = figures["groups"]
    plain = [counts for name, counts in groups.items() if not APART.fullmatch(name)]
    mean = {kind: _mean(plain, kind) for kind in RATES}
    lines = [
        "# Athena's SQL, measured",
        "",
        "Written by `python -m benchmarks.conformance`; a test compares it with the kept verdicts.",
        "",
        "The cases are SQL of Trino's public tests with the answers that they expect, sent through Athena's",
        "API. *Value*: the rows are right. *Type*: `ResultSetMetadata` says the right types. *Exact*: every",
        "character of the text is right. A case that is refused counts as wrong.",
        "",
        "| group | cases | value | type | exact |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(f"| {name} | {counts['cases']} | {_rates(counts)} |" for name, counts in groups.items()),
        f"| **mean**, without `_highprec` and match_recognize | | {' | '.join(mean.values())} |",
        "",
        "## What fails, and why",
        "",
        "| why | cases |",
        "| --- | --- |",
    ]
    by_reason: dict[str, list[str]] = {}
    for case, verdict in figures["failing"].items():
        by_reason.setdefault(reasons.get(case, "not looked into"), []).append(f"{verdict['group']} `{case}`")
    lines += [f"| {why} | {len(found)}: {', '.join(found)} |" for why, found in sorted(by_reason.items())]
    lines += ["", "## Functions with a case that fails", "", "| function | right | cases |"]
    lines += ["| --- | ---: | ---: |"]
    lines += [f"| `{name}` | {a} | {b} |" for name, (a, b) in figures["functions"].items() if a < b]
    whole = sum(a == b for a, b in figures["functions"].values())
    lines += ["", f"The other {whole} functions that the cases call are right in all of them."]
    return "\n".join(lines) + "\n"


RATES = {"value": "cases", "type": "typed", "exact": "exact_of"}


def _rates(counts: dict[str, int]) -> str:
    return " | ".join(_percent(counts[kind], counts[of]) for kind, of in RATES.items())


def _mean(groups: list[dict[str, int]], kind: str) -> str:
    of = RATES[kind]
    shares = [counts[kind] / counts[of] for counts in groups if counts[of]]
    return f"{100 * sum(shares) / len(shares):.1f} %"


def _percent(right: int, cases: int) -> str:
    return f"{100 * right / cases:.1f} %" if cases else "-"


if __name__ == "__main__":
    main()
