"""A new lake's folder: a small lake that runs, with its tests, from the files in `laguna/templates`."""

from __future__ import annotations

import re
from pathlib import Path

from laguna.errors import SettingsInvalid

TEMPLATES = Path(__file__).parents[1] / "templates"
NAME = re.compile(r"[a-z][a-z0-9-]{1,30}[a-z0-9]")
"""What buckets, stacks and workgroups may all be called, with room for an environment behind it."""
MARK = "@name@"


def make_lake(name: str, folder: Path, template: str = "blank") -> list[Path]:
    """Write the files of a lake; returns their paths below `folder`, in order.

    Raises:
        SettingsInvalid: the name cannot be a bucket's, or the folder has something in it.
    """
    if not NAME.fullmatch(name) or "--" in name:
        raise SettingsInvalid(
            f"'{name}' cannot be a lake's name: 3 to 32 lower-case letters, digits and single hyphens, a "
            "letter first; the bucket and the stack are named after it."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsInvalid(f"{folder} exists and is not an empty folder; choose another name.")
    source = TEMPLATES / template
    files = sorted(path.relative_to(source) for path in source.rglob("*") if path.is_file())
    written = [path for path in files if "__pycache__" not in path.parts]
    for path in written:
        text = (source / path).read_text(encoding="utf-8").replace(MARK, name)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return written
