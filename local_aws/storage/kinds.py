"""Every file of a state folder that the local AWS cannot do without: what it is, and what goes with it.

A database's layout has a number, which its file carries: 1, and one more for each migration of its kind. So
a file from an earlier Laguna is brought up to date when it is opened, and one from a later Laguna is left
alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Literal

from local_athena.service.migration import apart_with_unique_tokens

APPLICATION_ID = 0x4C61676E
"""`Lagn`, in the header of each database of ours."""

DAMAGED = ".damaged-"
"""In the name of the copy of a file that was repaired, before the time of it."""

NOTE = "server.json"

Form = Literal["database", "journal", "json", "folder"]
"""A journal is a database whose rows are worth something only after all rows before them."""

Migrate = Callable[..., None]
"""Given a connection in a transaction, brings a database from one layout to the next."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Files whose path, relative to the state folder, fits `pattern`."""

    title: str
    pattern: str
    form: Form
    lost: str
    """What there is nowhere else."""
    kept: str = ""
    """What is not lost with it."""
    migrations: tuple[Migrate, ...] = ()
    documents: frozenset[str] = frozenset()
    """The columns that hold JSON."""

    @property
    def is_listed(self) -> bool:
        """Whether the list of state files names it; the files of snapshots come and go with them."""
        return self.form != "json"

    @property
    def version(self) -> int:
        """The number of the layout that this Laguna writes."""
        return 1 + len(self.migrations)


KINDS = (
    Kind(
        "S3's index",
        "s3.sqlite",
        "database",
        "the settings of buckets, the metadata and tags of objects, and unfinished multipart uploads",
        "the objects themselves are files below s3/",
        documents=frozenset({"attributes", "details", "checksums"}),
    ),
    Kind("the objects of S3", "s3", "folder", "every bucket and object"),
    Kind(
        "the Glue catalog",
        "glue/*.sqlite",
        "database",
        "databases, tables, partitions, crawlers, jobs, job runs, job bookmarks, triggers and workflows",
        "the data of the tables is in S3",
        documents=frozenset({"body", "changes", "values", "typed", "keys", "triggers", "request"}),
    ),
    Kind(
        "Athena's records",
        "athena/*.sqlite",
        "database",
        "query executions, workgroups, named queries and prepared statements",
        "query results are in S3",
        migrations=(apart_with_unique_tokens,),
        documents=frozenset({"document"}),
    ),
    Kind(
        "CloudFormation's stacks",
        "cloudformation/*.sqlite",
        "database",
        "stacks, their events, change sets and exports",
        "the resources that the stacks made are with their services",
        documents=frozenset({"document"}),
    ),
    Kind(
        "Step Functions' executions",
        "stepfunctions/executions.sqlite",
        "database",
        "executions and their histories",
        "the state machines are in the journal of moto's services",
        documents=frozenset({"description", "definition", "history"}),
    ),
    Kind(
        "the journal of moto's services",
        "moto/journal.sqlite",
        "journal",
        "IAM, state machines, logs, secrets, queues, topics and whatever else moto serves",
        documents=frozenset({"headers"}),
    ),
    Kind(
        "the sessions of STS",
        "sts/sessions.sqlite",
        "database",
        "the temporary credentials that STS gave out",
        "users and roles are in the journal of moto's services",
    ),
    Kind(
        "the record of LocalStack's copy",
        "localstack.sqlite",
        "database",
        "the settings of buckets in LocalStack",
        "the copies of objects are files below s3/",
        documents=frozenset({"document"}),
    ),
    Kind("the note of the running server", NOTE, "json", "nothing, as every start writes it anew"),
    Kind("the description of a snapshot", "snapshots/*/snapshot.json", "json", "that snapshot"),
    Kind("the contents of a snapshot", "snapshots/*/*/contents.json", "json", "that snapshot"),
    Kind(
        "the load of a snapshot that was under way",
        "snapshots/loading.json",
        "json",
        "which snapshot was being put back",
        "the snapshots themselves; load the one that you want",
    ),
)


def kind_of(path: str) -> Kind | None:
    """The kind of a path that is relative to the state folder."""
    depth = path.count("/")
    matching = (
        kind for kind in KINDS if kind.pattern.count("/") == depth and fnmatchcase(path, kind.pattern)
    )
    return next(matching, None)


def title_of(path: str) -> str:
    """What a person calls the file: `the Glue catalog of us-east-1`."""
    kind = kind_of(path)
    if kind is None:
        return "a state file"
    if "*" not in kind.pattern:
        return kind.title
    name = PurePosixPath(path)
    whose = f"of {name.stem}" if kind.form == "database" else f"'{name.parts[1]}'"
    return f"{kind.title} {whose}"


def present(state: Path) -> list[str]:
    """The paths of the files that are there, in the order of `KINDS`."""
    found = []
    for kind in KINDS:
        if kind.pattern == NOTE:
            continue  # of one run of a server, and no state
        found += sorted(path.relative_to(state).as_posix() for path in state.glob(kind.pattern))
    return found
