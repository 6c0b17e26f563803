"""What every way to read S3 shares: an object as a seekable file, and DuckDB's httpfs from its wheel.

The extension is loaded from the wheel's file, so nothing is downloaded.
https://duckdb.org/docs/stable/core_extensions/httpfs/s3api
"""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

READ_BYTES = 1 << 20
"""How much of an object is fetched at a time."""
WHEEL = "duckdb-extension-httpfs"


class RangeReader(io.RawIOBase):
    """An object of `size` bytes as a file; `fetch(first, last)` gives the bytes of an inclusive range."""

    def __init__(self, fetch: Callable[[int, int], bytes], size: int) -> None:
        self._fetch, self._size, self._at = fetch, size, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; nothing is fetched."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fetch what fits into `buffer`; 0 at the end."""
        last = min(self._at + len(buffer), self._size) - 1
        if last < self._at:
            return 0
        data = self._fetch(self._at, last)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def httpfs() -> Path:
    """The file of httpfs for this DuckDB.

    Raises:
        ModuleNotFoundError: its wheel is not installed.
    """
    spec = find_spec(WHEEL.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            f"DuckDB reads S3 endpoints by its httpfs extension, whose wheel is not installed. "
            f'Run "pip install {WHEEL}=={duckdb.__version__}".'
        )
    folder = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}"
    return folder / "httpfs.duckdb_extension"
