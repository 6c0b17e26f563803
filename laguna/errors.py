"""What the `laguna` command says when it cannot do what it was asked.

Each message is one sentence: what failed, on which value, and the way out. `laguna.cli.main` prints it
on stderr and exits 1; a misused option is click's own affair and exits 2.

    LagunaError
    ├── SettingsInvalid       laguna.toml or a setting holds something it cannot
    ├── ProfileUnknown        --profile names none of the profiles
    ├── ServerTrouble         the local AWS is not up, is up already, or cannot start
    ├── NotDeployed           a command needs the lake's stack
    ├── StackFailed           CloudFormation could not create, update or delete it
    ├── StackProtected        it is not to be deleted
    ├── BucketNameTaken       a bucket of the lake's name exists already
    ├── ConsentMissing        nobody agreed to what cannot be taken back
    ├── CannotRehearse        a dry run came to a call that it has no answer to
    ├── IngestRefused         a path or a file that ingest cannot take
    ├── ExecutionFailed       the state machine stopped at a state
    ├── QueryFailed           Athena did not answer a query
    ├── LogsNotFound          a job or a run that has no logs
    ├── BookmarkNotFound      a job or a run that has no bookmark
    └── AwsRefused            any other error answer of AWS
"""

from __future__ import annotations


class LagunaError(Exception):
    """The base of them all; `str(error)` is the sentence that the user reads."""


class SettingsInvalid(LagunaError):
    """A setting has a value it cannot have."""


class ProfileUnknown(LagunaError):
    """The profile does not exist."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no profile '{name}'; choose one of: {', '.join(known)}.")


class ServerTrouble(LagunaError):
    """The local AWS is not in the state that the command needs."""


class NotDeployed(LagunaError):
    """The lake's stack does not exist, or is not in a state to be used."""


class StackFailed(LagunaError):
    """CloudFormation stopped; the message names the resource and its reason."""


class StackProtected(LagunaError):
    """The stack's protection from deletion is on; nothing was deleted."""


class BucketNameTaken(LagunaError):
    """A deployment would fail at its bucket; nothing was made."""


class ConsentMissing(LagunaError):
    """Nothing was changed."""


class CannotRehearse(LagunaError):
    """A dry run cannot go on; nothing was changed."""


class IngestRefused(LagunaError):
    """Nothing was uploaded."""


class ExecutionFailed(LagunaError):
    """The state machine did not succeed."""


class QueryFailed(LagunaError):
    """Athena's reason, as it gives it."""


class BookmarkNotFound(LagunaError):
    """No bookmark of that job or run."""


class LogsNotFound(LagunaError):
    """There is nothing to show for this job or run."""


class AwsRefused(LagunaError):
    """An error answer of AWS that no command expects."""
