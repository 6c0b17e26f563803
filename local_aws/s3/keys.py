"""Where an object's file lies under its bucket's folder, for every key that S3 allows.

A key such as `raw/clientes/year=2025/a.csv` is that very path, so that people and engines find it. A segment
that cannot be a file name is escaped, reversibly:

    ~s3~name    the file of an escaped segment
    ~s3-name    the folder of an escaped segment
    ~s3+piece   a folder that holds the rest of a segment which is too long for one file name
    .~s3~       the file of a key that ends in `/` (a "folder" made by a console); engines skip dotted names

`name` is the segment with `%` and NUL as `%25` and `%00`. `~s3~name` is also the file of key `name` while a
folder `name` exists, because S3 allows `a` beside `a/b`. A segment that itself looks like an escape, or like
Hadoop's checksum files (`.x.crc`), is escaped, so a name found in a folder means one key at most.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote

MAX_KEY_BYTES = 1024
MAX_NAME_BYTES = 255
FOLDER_MARKER = ".~s3~"
_ESCAPED_FILE, _ESCAPED_FOLDER, _PIECE = "~s3~", "~s3-", "~s3+"
_RESERVED = ("~s3", ".~s3")
_PIECE_BYTES = 200


class ObjectPath(NamedTuple):
    """The two paths that a key's file may have, relative to the bucket's folder."""

    natural: str
    beside_folder: str
    """Where the file lies when a folder has the natural name."""


def object_path(key: str) -> ObjectPath:
    """The file of `key`; pure, and within the bucket's folder whatever the key is."""
    *folders, leaf = key.split("/")
    parents = [component for folder in folders for component in _folder_names(folder)]
    escaped = _escaped_file(leaf)
    natural = escaped if _needs_escape(leaf) else [leaf]
    return ObjectPath("/".join(parents + natural), "/".join(parents + escaped))


def is_hadoop_checksum(name: str) -> bool:
    """Hadoop's local file system keeps the checksums of file `x` in `.x.crc`."""
    return name.startswith(".") and name.endswith(".crc") and len(name) > len("..crc")


def file_segment(name: str, pieces: tuple[str, ...] = ()) -> str | None:
    """The last segment of the key whose file is called `name`; None when it is no object's.

    `pieces` are the names of the `~s3+` folders around it.
    """
    if name == FOLDER_MARKER:
        return None if pieces else ""
    if not name.startswith(_RESERVED):
        return None if pieces or is_hadoop_checksum(name) or not _is_text(name) else name
    segment = _unescape(name, _ESCAPED_FILE, pieces)
    return segment if segment is not None and _escaped_file(segment) == [*pieces, name] else None


def folder_segment(name: str, pieces: tuple[str, ...] = ()) -> str | None:
    """The segment of the folder called `name`; None when no key leads through it."""
    if not name.startswith(_RESERVED):
        return None if pieces or is_hadoop_checksum(name) or not _is_text(name) else name
    segment = _unescape(name, _ESCAPED_FOLDER, pieces)
    return segment if segment is not None and _folder_names(segment) == [*pieces, name] else None


def is_piece(name: str) -> bool:
    """Whether the folder called `name` holds the rest of a long segment."""
    return name.startswith(_PIECE)


def _needs_escape(segment: str) -> bool:
    return (
        segment in ("", ".", "..")
        or "\0" in segment
        or segment.startswith(_RESERVED)
        or is_hadoop_checksum(segment)
        or len(segment.encode()) > MAX_NAME_BYTES
    )


def _folder_names(segment: str) -> list[str]:
    return _pieces(segment, _ESCAPED_FOLDER) if _needs_escape(segment) else [segment]


def _escaped_file(segment: str) -> list[str]:
    return _pieces(segment, _ESCAPED_FILE) if segment else [FOLDER_MARKER]


def _pieces(segment: str, last: str) -> list[str]:
    text = segment.replace("%", "%25").replace("\0", "%00")
    names = []
    while len(text.encode()) > _PIECE_BYTES:
        head = text.encode()[:_PIECE_BYTES].decode(errors="ignore")
        names.append(_PIECE + head)
        text = text[len(head) :]
    return [*names, last + text]


def _unescape(name: str, marker: str, pieces: tuple[str, ...]) -> str | None:
    if not name.startswith(marker) or not _is_text(name):
        return None
    return unquote("".join(piece.removeprefix(_PIECE) for piece in pieces) + name.removeprefix(marker))


def _is_text(name: str) -> bool:
    # A file name that is not UTF-8 cannot be a key; Python shows its bytes as lone surrogates.
    return name.isascii() or not any("\udc80" <= character <= "\udcff" for character in name)
