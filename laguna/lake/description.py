"""`[lake]` of `laguna.toml`: which template, code, files and queries are the lake. The command knows no other lake.

A key that is misspelt is refused with the nearest name: a deployment with a key silently left out would be another
one than was asked for.
"""  # noqa: E501

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from laguna.errors import SettingsInvalid


class Part(BaseModel):
    """A table of `laguna.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Ingest(Part):
    """Where `laguna ingest` sends a table's files."""

    files: str = Field(min_length=1)
    """Which files, by their names in lower case, with `*` for anything."""
    to: str = Field(min_length=1)
    """The folder in the lake's bucket; `%Y`, `%m` and `%d` stand for the load date."""


class Lake(Part):
    """A lake; paths are below the folder of `laguna.toml`."""

    name: str = Field(default="lake", pattern=r"^[a-zA-Z][a-zA-Z0-9-]*$", max_length=100)
    """The stack's name is this and the profile's environment."""
    template: str = "template.yaml"
    """The CloudFormation template."""
    code: str = ""
    """The Python package that jobs import: uploaded as a zip, and each script in its `jobs/` by itself."""
    buckets: tuple[str, ...] = Field(default=(), strict=False)
    """What the template puts before the profile's `bucket_name` for each bucket that it makes."""
    samples: str = "samples"
    """What `laguna demo` loads."""
    reports: str = ""
    """The prefix of the load reports that jobs leave in the lake's bucket, if they leave any."""
    queries: str = "queries"
    """The folder of the `.sql` files that `laguna report` asks."""
    ingest: dict[str, Ingest] = Field(default_factory=dict)
    """By table."""


def read_lake(document: dict[str, Any]) -> Lake:
    """The lake that the contents of `laguna.toml` describe.

    Raises:
        SettingsInvalid: a key is unknown, or a value is not of its kind.
    """
    try:
        return Lake.model_validate(document.get("lake", {}))
    except ValidationError as error:
        # A key that is misspelt is missing, too: it is told as misspelt.
        told = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        raise SettingsInvalid(_told(told)) from error


def _told(error: Any) -> str:
    """What is wrong, in one sentence."""
    *above, key = error["loc"]
    table = ".".join(map(str, ("lake", *above)))
    if error["type"] == "extra_forbidden":
        known = list((Ingest if above else Lake).model_fields)
        nearest = get_close_matches(str(key), known, 1, 0.5)
        hint = f"did you mean {nearest[0]}?" if nearest else f"it takes {', '.join(known)}."
        return f"laguna.toml has {key} in [{table}], which is no key of it; {hint}"
    if error["type"] == "missing":
        return f"laguna.toml has no {key} in [{table}]; add it."
    return f"laguna.toml has {key} = {error['input']!r} in [{table}]: {error['msg'].lower()}."
