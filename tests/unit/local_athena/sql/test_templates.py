"""Text never becomes SQL: read in the source, for a test with values shows only that those values did not."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Container, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
FOLDERS = ("local_athena", "local_aws", "pipeline", "benchmarks")
SOURCES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text())
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if folder == "local_athena" or "local_athena" in path.read_text()
}
MAKERS = ("Sql", "Text", "Name", "Lambda", "WithQuery", "Template")
"""What only the builders of `sql/` construct."""
TEMPLATES = ("sql", "template", "joined", "chained")
"""What takes a template or a separator first."""
CHAINS = "local_athena/translate/chains.py"
"""Where `chained` passes its separator on, to whose callers the test looks."""
HOMES = ("local_athena.sql.", "local_athena.translate.chains.")


WRITTEN_BEFORE = "local_athena/workers/remote.py"
"""A worker is sent what the writer wrote in the server."""


def imported(source: ast.Module) -> dict[str, str]:
    """What a file has from the fragments' package: the name that it uses, and the name that it has there."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(source)
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(HOMES)
        for alias in node.names
    }


def calls(source: ast.Module, names: tuple[str, ...]) -> Iterator[ast.Call]:
    """The calls of some names of the fragments' package, or of a module that is imported from there."""
    known = imported(source)
    for node in ast.walk(source):
        if isinstance(node, ast.Call) and called(node.func, known) in names:
            yield node


def called(node: ast.expr, known: dict[str, str]) -> str | None:
    if isinstance(node, ast.Attribute) and is_any(node.value, known):
        return node.attr
    return known.get(node.id) if isinstance(node, ast.Name) else None


def is_any(node: ast.expr, names: Container[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def constants(source: ast.Module) -> set[str]:
    """The module's names in capitals that are assigned a literal text, once."""
    assigned = [
        (target.id, node.value)
        for node in source.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    ]
    names = [name for name, _ in assigned]
    return {name for name, value in assigned if name.isupper() and is_text(value) and names.count(name) == 1}


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def variable_templates(source: ast.Module) -> list[int]:
    """The lines where a template or a separator is none of the code's constants."""
    known = constants(source)

    def is_constant(node: ast.expr) -> bool:
        return is_text(node) or is_any(node, known)

    return [c.lineno for c in calls(source, TEMPLATES) if not (c.args and is_constant(c.args[0]))]


def made_directly(source: ast.Module) -> list[int]:
    """The lines where a fragment is constructed."""
    return [call.lineno for call in calls(source, MAKERS)]


def texts_executed(source: ast.Module) -> list[int]:
    """The lines where a database is given something else than a constant or what the writer wrote."""
    assigned: dict[str, list[ast.expr]] = defaultdict(list)
    for node in ast.walk(source):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            assigned[node.targets[0].id].append(node.value)

    def is_known(node: ast.expr) -> bool:
        if isinstance(node, ast.IfExp):
            return is_known(node.body) and is_known(node.orelse)
        if isinstance(node, ast.Name):
            return node.id in assigned and all(map(is_known, assigned[node.id]))
        return is_text(node) or (isinstance(node, ast.Call) and node in written)

    written = list(calls(source, ("write",)))
    return [
        node.lineno
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "execute"
        if not is_known(node.args[0])
    ]


def found(look: Callable[[ast.Module], list[int]], beside: str, within: str = "") -> list[str]:
    """Where it is in the project's files within a folder, beside those of another."""
    return [
        f"{path}:{line}"
        for path, source in SOURCES.items()
        if path.startswith(within) and not (beside and path.startswith(beside))
        for line in look(source)
    ]


def test_every_template_and_separator_is_a_constant_of_the_code() -> None:
    assert found(variable_templates, beside=CHAINS) == []


def test_only_the_builders_make_fragments() -> None:
    assert found(made_directly, beside="local_athena/sql/") == []


def test_a_database_is_given_constants_and_what_the_writer_wrote() -> None:
    assert found(texts_executed, beside=WRITTEN_BEFORE, within="local_athena/") == []


HEAD = """
from local_athena.sql.build import joined, sql, template
from local_athena.sql.fragment import Sql
from local_athena.sql.writer import write
"""
SEEN: list[tuple[Callable[[ast.Module], list[int]], str]] = [
    (variable_templates, "sql(f'SELECT {x}')"),
    (variable_templates, "sql('SELECT ' + x)"),
    (variable_templates, "sql('SELECT {}'.format(x))"),
    (variable_templates, "sql(template, x)"),
    (variable_templates, "TEMPLATE = f'SELECT {x}'\nsql(TEMPLATE)"),
    (variable_templates, "TEMPLATE = 'a'\nTEMPLATE = x\nsql(TEMPLATE)"),
    (variable_templates, "sql(*parts)"),
    (variable_templates, "joined(between, items)"),
    (variable_templates, "ENTRY = template(f'{name}({{0}})')"),
    (made_directly, "Sql((text,))"),
    (made_directly, "from local_athena.sql import fragment as f\nf.Text((text,))"),
    (variable_templates, "from local_athena.sql.build import sql as s\ns(template)"),
    (texts_executed, "connection.execute(f'SELECT {x}')"),
    (texts_executed, "cursor.execute('SELECT ' + x)"),
    (texts_executed, "self.connection().execute('SELECT {}'.format(x))"),
    (texts_executed, "text = 'SELECT 1'\ntext = f'SELECT {x}'\nconnection.execute(text)"),
    (texts_executed, "def run(text): connection.execute(text)"),
    (texts_executed, "self.write(x)\nconnection.execute(self.write(x))"),
]
UNSEEN: list[tuple[Callable[[ast.Module], list[int]], str]] = [
    (variable_templates, "sql('SELECT {}' ', {}', x, y)"),
    (variable_templates, "TEMPLATE = 'SELECT {}'\nsql(TEMPLATE, x)"),
    (variable_templates, "node.sql(dialect)\njoined(', ', items)"),
    (texts_executed, "connection.execute(write(made))\nconnection.execute('SELECT 1')"),
    (texts_executed, "text = 'a' if new else 'b'\nconnection.execute(text, values)"),
]


@pytest.mark.parametrize(("look", "code"), SEEN)
def test_the_look_sees_what_it_looks_for(look: Callable[[ast.Module], list[int]], code: str) -> None:
    assert look(ast.parse(HEAD + code)) != []


@pytest.mark.parametrize(("look", "code"), UNSEEN)
def test_the_look_passes_what_is_well(look: Callable[[ast.Module], list[int]], code: str) -> None:
    assert look(ast.parse(HEAD + code)) == []
