"""What every command is given: the project, the profile it works on, and where it writes."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from laguna.cli.dry_run import rehearse
from laguna.cli.output import FORMATS, Output
from laguna.cli.server import refuse_another_server
from laguna.profiles.profile import DEFAULT_PORT, Profile, load_profile
from laguna.project import Project, find_project


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the command."""

    project: Project
    profile: Profile
    output: Output


OUTPUT = click.option(
    "--output",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How to print the result.",
)
_OPTIONS = (
    click.option(
        "--profile",
        default="local",
        envvar="LAGUNA_PROFILE",
        show_default=True,
        help="Which AWS to talk to (or LAGUNA_PROFILE).",
    ),
    OUTPUT,
    click.option(
        "--port",
        type=click.IntRange(1, 65535),
        envvar="LAGUNA_PORT",
        help=f"The local AWS's port (or LAGUNA_PORT); that of the state's server, else {DEFAULT_PORT}.",
    ),
    click.option(
        "--state",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="LAGUNA_STATE",
        help="The local AWS's state folder (or LAGUNA_STATE); .laguna in the project by default.",
    ),
)


_DRY_RUN = click.option(
    "--dry-run", is_flag=True, help="Show every API call it would make; reads are made, writes are not."
)


def command(
    name: str,
    *,
    example: str,
    unknown_options: bool = False,
    dry_run: bool = False,
    asks_server: bool = True,
) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command of a function that takes a `Session` first.

    Its help is the function's docstring and the example; the options every command has are added. With
    `unknown_options` a word that looks like an option and is none is taken for an argument; with `dry_run` it
    can be run without its writes, which then need no yes. A command that `asks_server` does not go to the
    server of another profile or another state.
    """

    def make(function: Callable[..., None]) -> click.Command:
        @functools.wraps(function)
        def run(
            *,
            profile: str,
            output: str,
            port: int | None,
            state: Path | None,
            dry_run: bool = False,
            **given: Any,
        ) -> None:
            project = find_project(Path.cwd())
            endpoint = os.environ.get("LAGUNA_ENDPOINT") or None
            chosen = load_profile(profile, project, port=port, state=state, endpoint=endpoint)
            if asks_server:
                refuse_another_server(chosen)
            session = Session(project, chosen, Output(output))
            if dry_run:
                agreed = {name: True for name in given if name == "yes"}
                rehearse(session, lambda rehearsed: function(rehearsed, **{**given, **agreed}))
                return
            function(session, **given)

        for option in (*([_DRY_RUN] if dry_run else []), *reversed(_OPTIONS)):
            option(run)
        settings = {"ignore_unknown_options": unknown_options}
        return click.command(name, epilog=f"Example: {example}", context_settings=settings)(run)

    return make
