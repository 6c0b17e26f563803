"""Compare Athena's engine here with a real Trino on random typed statements.

    python -m benchmarks.differential --trino http://127.0.0.1:8080 [--seed 1] [--count 100] [--shape NAME]

Draws `--count` statements of each shape, asks both, and prints for each shape how many agree (values and
types, `varchar(n)` with its length, or both refuse), then the first few that differ in each way. Trino reads
a bare 1.5 as a decimal, Athena as a double; the statements avoid it. Exits 1 when fewer than 98 % agree.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console
from rich.table import Table

from benchmarks.differential.answers import Answer, Local, Trino, same
from benchmarks.differential.statements import SHAPES, Statements

GOAL = 0.98
WAYS = ("rows", "types", "refuses", "accepts")
Difference = tuple[str, Answer, Answer]


def main() -> None:
    """Run and print."""
    options = _options()
    trino, local, asked = Trino(options.trino), Local(), ThreadPoolExecutor(4)
    counts: dict[str, Counter[str]] = {}
    found: dict[str, list[Difference]] = defaultdict(list)
    for shape in [options.shape] if options.shape else SHAPES:
        statements, counts[shape] = Statements(options.seed), Counter()
        drawn = [statements.draw(shape) for _ in range(options.count)]
        for sql, theirs in zip(drawn, asked.map(trino.ask, drawn), strict=True):
            ours = local.ask(sql)
            # An ORDER BY after the last bracket is that of the whole statement.
            ordered = "ORDER BY" in sql.rpartition(")")[2]
            way = "leak" if ours.error == "LEAK" else same(theirs, ours, ordered=ordered)
            counts[shape][way or "agree"] += 1
            counts[shape]["refused"] += bool(way is None and theirs.error)
            if way:
                found[f"{shape} {way}"].append((sql, theirs, ours))
    _print(counts)
    _show(found, options.show)
    agreed = sum(c["agree"] for c in counts.values()) / sum(options.count for _ in counts)
    sys.exit(agreed < GOAL)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.differential", description=__doc__)
    parser.add_argument("--trino", required=True, help="the address of a Trino server")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100, help="statements of each shape")
    parser.add_argument("--shape", choices=SHAPES, help="one shape alone")
    parser.add_argument("--show", type=int, default=3, help="how many of each difference are shown")
    return parser.parse_args()


def _print(counts: dict[str, Counter[str]]) -> None:
    table = Table(title="Statements that a real Trino and this engine answer alike", padding=(0, 0))
    for heading in ("shape", "asked", "agree %", "refused", *WAYS, "leak"):
        table.add_column(heading, justify="left" if heading == "shape" else "right", no_wrap=True)
    for shape, of in (*counts.items(), ("in all", sum(counts.values(), Counter()))):
        asked = of["agree"] + of["leak"] + sum(of[way] for way in WAYS)
        rate = f"{100 * of['agree'] / asked:.1f}"
        table.add_row(shape, str(asked), rate, *(str(of[k]) for k in ("refused", *WAYS, "leak")))
    Console().print(table)


def _show(found: dict[str, list[Difference]], most: int) -> None:
    console = Console(highlight=False, markup=False)
    for title, differences in found.items():
        console.print(f"\n{title}: {len(differences)}", style="bold")
        for sql, theirs, ours in differences[:most]:
            console.print(f"  {sql}")
            console.print(f"    Trino {_answer(theirs)}\n    here  {_answer(ours)}")


def _answer(answer: Answer) -> str:
    if answer.error:
        return f"{answer.error}: {answer.message[:200]}"
    return f"{', '.join(answer.types)}: {answer.rows[:6]}"


if __name__ == "__main__":
    main()
