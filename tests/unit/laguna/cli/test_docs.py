"""The documentation has a place for each command, option and service."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from laguna.cli.main import COMMANDS

DOCS = Path(__file__).parents[4] / "docs"
README = DOCS.parent / "README.md"
SECTIONS = {
    section.split("\n", 1)[0].strip(): section
    for section in (DOCS / "cli.md").read_text(encoding="utf-8").split("\n## ")
}
COMMON = {"profile", "output", "port", "state"}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_command_has_a_section_with_an_example_and_its_options(command: click.Command) -> None:
    section = SECTIONS[f"laguna {command.name}"]
    assert re.search(rf"^    laguna {command.name}\b", section, re.MULTILINE)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name not in COMMON:
            assert parameter.opts[0] in section


def test_the_options_of_every_command_are_explained_once() -> None:
    section = SECTIONS["Options of every command"]
    assert all(f"`--{option}" in section for option in COMMON)


def test_no_section_is_about_a_command_that_is_gone() -> None:
    documented = {title.removeprefix("laguna ") for title in SECTIONS if title.startswith("laguna ")}
    assert documented == {command.name for command in COMMANDS}


def test_every_support_table_is_linked_and_every_link_has_its_table() -> None:
    linked = set(re.findall(r"\]\(support/([\w-]+\.md)\)", (DOCS / "support.md").read_text(encoding="utf-8")))
    assert linked == {path.name for path in (DOCS / "support").glob("*.md")}


@pytest.mark.parametrize("page", [README, *DOCS.rglob("*.md")], ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_benchmark_is_listed() -> None:
    folder = DOCS.parent / "benchmarks"
    listed = set(
        re.findall(r"python -m benchmarks\.(\w+)", (folder / "README.md").read_text(encoding="utf-8"))
    )
    commands = {path.stem for path in folder.glob("*.py") if "__main__" in path.read_text(encoding="utf-8")}
    commands |= {path.parent.name for path in folder.glob("*/__main__.py")}
    assert listed == commands
