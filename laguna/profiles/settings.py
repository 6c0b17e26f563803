"""What `laguna.toml` says of a profile, checked: `[profiles.NAME]` and the tables below it.

A setting that is misspelt or of the wrong kind is refused with the names that there are: a deployment with a
setting silently left out would be another one than was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from laguna.errors import SettingsInvalid

TEXTS = ("environment", "bucket_name", "region")
TABLES = ("tags", "parameters", "spark")
SPARK = ("master",)

RESERVED = {"Environment": "environment", "BucketName": "bucket_name"}
"""Parameters of the template that have a setting of their own, because other things follow from them."""


@dataclass(frozen=True, slots=True)
class ProfileSettings:
    """A profile's part of `laguna.toml`; None or empty is what it does not say."""

    environment: str | None = None
    bucket_name: str | None = None
    region: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    """Put on everything that the stack makes and that takes tags, beside those of the lake itself."""
    parameters: dict[str, str] = field(default_factory=dict)
    """Any other parameter of the template."""
    spark: dict[str, str] = field(default_factory=dict)
    """`master`: the Spark cluster that the local AWS runs jobs on, such as `spark://host:7077`."""


def read_settings(profile: str, document: dict[str, Any]) -> ProfileSettings:
    """The settings of `profile` in the contents of `laguna.toml`.

    Raises:
        SettingsInvalid: a name is unknown or a value is not of its kind.
    """
    given = document.get("profiles", {}).get(profile, {})
    where = f"[profiles.{profile}]"
    for name, value in given.items():
        if name in TEXTS and isinstance(value, str):
            continue
        if name in TABLES and isinstance(value, dict):
            continue
        raise SettingsInvalid(
            f"laguna.toml has {name} = {value!r} in {where}; it takes {', '.join(TEXTS)}, each a text, "
            f"and the tables {', '.join(TABLES)}."
        )
    tables = {name: _texts(f"[profiles.{profile}.{name}]", given.get(name, {})) for name in TABLES}
    _refuse_names(f"[profiles.{profile}.parameters]", tables["parameters"])
    for name in tables["spark"]:
        if name not in SPARK:
            raise SettingsInvalid(
                f"laguna.toml has {name} in [profiles.{profile}.spark]; it takes {', '.join(SPARK)}."
            )
    return ProfileSettings(
        given.get("environment"),
        given.get("bucket_name"),
        given.get("region"),
        tables["tags"],
        tables["parameters"],
        tables["spark"],
    )


def _texts(where: str, table: dict[str, Any]) -> dict[str, str]:
    """A table of texts; a number stands for itself, as `budget = 50` reads better than `"50"`."""
    for name, value in table.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise SettingsInvalid(
                f"laguna.toml has {name} = {value!r} in {where}; it takes texts and numbers."
            )
    return {name: str(value) for name, value in table.items()}


def _refuse_names(where: str, parameters: dict[str, str]) -> None:
    for name, setting in RESERVED.items():
        if name in parameters:
            raise SettingsInvalid(f"laguna.toml has {name} in {where}; give it as the profile's {setting}.")
    if "CodeVersion" in parameters:
        raise SettingsInvalid(f"laguna.toml has CodeVersion in {where}; 'laguna deploy' gives it itself.")
