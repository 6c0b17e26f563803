"""The entry point of `laguna`: its commands, and how an error becomes one sentence and an exit code.

0 is done, 1 failed, 2 misused (click's code for a wrong option or argument). A traceback is never shown;
`LAGUNA_TRACEBACK=1` lets it through for whoever works on Laguna itself.
"""

from __future__ import annotations

import os
import sys

import click

from laguna.cli.commands.bookmarks import bookmarks
from laguna.cli.commands.demo import demo
from laguna.cli.commands.deploy import deploy
from laguna.cli.commands.destroy import destroy
from laguna.cli.commands.doctor import doctor
from laguna.cli.commands.down import down
from laguna.cli.commands.ingest import ingest
from laguna.cli.commands.init import init
from laguna.cli.commands.logs import logs
from laguna.cli.commands.query import query
from laguna.cli.commands.report import report
from laguna.cli.commands.run import run
from laguna.cli.commands.snapshot import snapshot
from laguna.cli.commands.status import status
from laguna.cli.commands.up import up
from laguna.cli.sentences import sentence_of

COMMANDS = (
    init,
    up,
    down,
    status,
    deploy,
    ingest,
    run,
    query,
    report,
    logs,
    bookmarks,
    demo,
    snapshot,
    doctor,
    destroy,
)


class _InOrder(click.Group):
    """A group whose help lists the commands in the order of a day's work."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_InOrder, epilog="Start with: laguna demo", context_settings={"max_content_width": 100})
@click.version_option(package_name="laguna", message="laguna %(version)s")
def laguna() -> None:
    """A data lake on AWS that runs whole on a laptop: deploy it, load it, run it, query it."""


for _command in COMMANDS:
    laguna.add_command(_command)


def main() -> None:
    """Run the command and exit with its code."""
    try:
        code = laguna.main(standalone_mode=False)
    except click.Abort:
        _fail("Stopped.", 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our stdout (head, less) has seen enough; nothing more can be written there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("LAGUNA_TRACEBACK"):
            raise
        _fail(sentence_of(error), 1)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(sentence: str, code: int) -> None:
    sys.stderr.write(f"laguna: {sentence}\n")
    sys.exit(code)
