"""Which part of the project may import which, lazily or for types alone included: arrows point downwards.

Read from the sources, since an import inside a function shows only when somebody calls it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("local_athena", "local_aws", "laguna", "pipeline")

ALLOWED = {
    # At the bottom: the errors that clients see, and what is needed from outside.
    "errors": "",
    "protocols": "",
    # Trino's types and their carriers; then what functions compute, in Python.
    "types": "errors",
    "values": "types errors",
    # A statement's text, read once.
    "parse": "errors",
    # SQL as a value. Fragments are made of parsed literals and type names, whose places errors tell.
    "sql": "values parse types errors",
    "functions": "sql values types errors",
    # DuckDB, which runs fragments and calls Python functions: it knows no catalog and no statement.
    "engine": "sql types errors protocols",
    # Tables by their names, and their files. Views are parsed, and a stop ends a long listing.
    "catalog": "engine parse sql types errors protocols",
    # The files that the catalog lists as rows.
    "readers": "catalog engine sql values types errors protocols",
    # A format of tables beside the catalog's own, which it binds by a protocol.
    "iceberg": "catalog engine sql types errors protocols",
    # Another, whose files are read like those of any table.
    "delta": "readers catalog engine sql types errors protocols",
    # MATCH_RECOGNIZE: the pattern comes from the parser, the rows from the engine.
    "patterns": "engine parse sql errors",
    # The catalog comes in by a protocol, so that a query translates without one.
    "translate": "functions patterns parse sql values types errors",
    "statements": (
        "translate functions patterns readers iceberg delta catalog engine parse sql values types errors "
        "protocols"
    ),
    # Processes that run statements, and the server's side of them.
    "workers": "statements translate sql engine parse errors protocols",
    "service": "workers statements engine parse errors protocols",
    # Python's DB-API on the service's parts; the package's front ("") has this and the service.
    "dbapi": "service statements engine parse sql types errors protocols",
    "": "dbapi service",
}
"""What each part of local_athena may import of the others."""

UPWARDS = {
    ("local_aws.testing", "laguna"): "the old name of laguna.testing, for a release",
    ("local_aws.testing.plugin", "laguna"): "the old name of laguna.testing.plugin, for a release",
}
"""The files that import what is above them, with what, and why that is not mended yet."""

CIRCLES = {
    "local_athena.statements.ddl.hive_types local_athena.statements.ddl.reader": (
        "the reader of Hive's DDL reads types, each of which is read by the reader"
    ),
}
"""The files that import each other in a circle, and why that is not mended yet."""


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_of(path): path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in SOURCES else str(node.module)


ARROWS = {module: set(imported(path)) & SOURCES.keys() - {module} for module, path in SOURCES.items()}


def package(module: str) -> str:
    return module.partition(".")[0]


def part(module: str) -> str:
    return module.split(".")[1] if module.startswith("local_athena.") else ""


def circles(arrows: dict[str, set[str]]) -> list[set[str]]:
    """The sets of modules of which each reaches each."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        left = [start]
        while left:
            new = arrows[left.pop()] - seen
            seen |= new
            left += new
        return seen

    reach = {module: reached(module) for module in arrows}
    found = {frozenset(m for m in reach[module] if module in reach[m]) for module in arrows}
    return [set(one) for one in found if one]


def test_the_allowed_arrows_point_downwards() -> None:
    assert circles({name: set(below.split()) for name, below in ALLOWED.items()}) == []


@pytest.mark.parametrize("name", ALLOWED)
def test_a_part_of_athena_imports_only_those_below_it(name: str) -> None:
    allowed = {name, *ALLOWED[name].split()}
    wrong = {
        (module, arrow)
        for module, arrows in ARROWS.items()
        if package(module) == "local_athena" and part(module) == name
        for arrow in arrows
        if package(arrow) == "local_athena" and part(arrow) not in allowed
    }
    known = {(module, arrow) for module, arrow in UPWARDS if package(module) == "local_athena"}
    assert wrong == {(module, arrow) for module, arrow in known if part(module) == name}


def test_every_part_of_athena_is_in_the_table() -> None:
    assert {part(module) for module in SOURCES if package(module) == "local_athena"} == ALLOWED.keys()


@pytest.mark.parametrize(
    ("below", "above"),
    [
        ("local_athena", "local_aws laguna pipeline"),
        ("local_aws", "laguna pipeline"),
        ("laguna", "pipeline"),
        ("pipeline", "local_athena local_aws laguna"),
    ],
)
def test_a_package_knows_none_above_it_but_where_that_is_known(below: str, above: str) -> None:
    found = {
        (module, package(arrow))
        for module, arrows in ARROWS.items()
        if package(module) == below
        for arrow in arrows
        if package(arrow) in above.split()
    }
    assert found == {
        (module, top) for module, top in UPWARDS if package(module) == below and top in above.split()
    }


def test_files_of_athena_import_each_other_in_no_circle_but_the_known() -> None:
    athena = {
        module: {arrow for arrow in arrows if package(arrow) == "local_athena"}
        for module, arrows in ARROWS.items()
        if package(module) == "local_athena"
    }
    assert {" ".join(sorted(circle)) for circle in circles(athena)} == CIRCLES.keys()


def test_an_import_counts_wherever_it_stands(tmp_path: Path) -> None:
    source = tmp_path / "source.py"
    source.write_text(
        "import local_athena.errors\n"
        "from local_athena.iceberg import is_iceberg, scan\n"
        "if TYPE_CHECKING:\n    from local_athena.service.state import State\n"
        "def lazily():\n    from local_athena.engine.engine import Engine\n"
    )
    assert list(imported(source)) == [
        "local_athena.errors",
        "local_athena.iceberg",
        "local_athena.iceberg.scan",
        "local_athena.service.state",
        "local_athena.engine.engine",
    ]


def test_a_circle_is_found_however_long_it_is_and_apart_from_what_leads_to_it() -> None:
    arrows = {"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": {"b"}, "e": {"a", "f"}, "f": {"e"}, "g": set()}
    assert sorted(map(sorted, circles(arrows))) == [["b", "c", "d"], ["e", "f"]]
