"""The lake's code as it is uploaded: a zip for `--extra-py-files`, the job scripts, and a version of both.

The version is a hash of the contents alone, so the same source gives the same version on every machine, and
a deployment that changes nothing says so. It is part of every key: code that a running job was started with
is never overwritten.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

# The earliest time that a zip can hold: the archive must not depend on when files were checked out.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Code:
    """What one version consists of."""

    version: str
    objects: dict[str, bytes]
    """Contents by S3 key."""


NONE = Code("none", {})
"""That of a lake without code."""


def package_code(package: Path) -> Code:
    """Read the lake's package and make what is uploaded of it.

    Args:
        package: the folder of the package, with its job scripts in `jobs/`.
    """
    files = {path: (package / path).read_bytes() for path in _sources(package)}
    version = _version(files)
    prefix = f"scripts/{version}"
    objects = {
        f"{prefix}/jobs/{path.name}": content
        for path, content in files.items()
        if path.parent == Path("jobs") and path.name != "__init__.py"
    }
    objects[f"{prefix}/{package.name}.zip"] = _zip(package.name, files)
    return Code(version, objects)


def _sources(package: Path) -> list[Path]:
    found = (path.relative_to(package) for path in package.rglob("*") if path.is_file())
    return sorted(path for path in found if "__pycache__" not in path.parts)


def _version(files: dict[Path, bytes]) -> str:
    digest = hashlib.sha256()
    for path, content in files.items():
        digest.update(f"{path.as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def _zip(package: str, files: dict[Path, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        for path, content in files.items():
            entry = zipfile.ZipInfo(f"{package}/{path.as_posix()}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            out.writestr(entry, content)
    return archive.getvalue()
