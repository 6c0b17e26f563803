"""pyiceberg's files, read from and written to Athena's object storage.

A metadata file is small and written whole: an output is kept in memory and put in one step when it is closed,
so no other reader sees half of it.
"""

from __future__ import annotations

import io
from typing import Any

from pyiceberg.io import FileIO, InputFile, OutputFile

from local_athena.protocols import Storage, StorageError


class StorageInput(InputFile):
    """An object to read."""

    def __init__(self, location: str, storage: Storage) -> None:
        super().__init__(location)
        self._storage = storage

    def __len__(self) -> int:
        with self.open() as stream:
            return int(stream.seek(0, io.SEEK_END))

    def exists(self) -> bool:
        """Whether there is such an object."""
        try:
            self._storage.open_file(self.location).close()
        except StorageError:
            return False
        return True

    def open(self, seekable: bool = True) -> Any:
        """A binary stream of the object.

        Raises:
            FileNotFoundError: there is no such object.
        """
        try:
            return self._storage.open_file(self.location)
        except StorageError as error:
            raise FileNotFoundError(self.location) from error


class _Pending(io.BytesIO):
    """Bytes that become an object when they are closed."""

    def __init__(self, location: str, storage: Storage) -> None:
        super().__init__()
        self._location, self._storage = location, storage

    def close(self) -> None:
        if not self.closed:
            self._storage.write(self._location, self.getvalue())
        super().close()


class StorageOutput(OutputFile):
    """An object to write."""

    def __init__(self, location: str, storage: Storage) -> None:
        super().__init__(location)
        self._storage = storage

    def __len__(self) -> int:
        return len(self.to_input_file())

    def exists(self) -> bool:
        """Whether there is such an object."""
        return self.to_input_file().exists()

    def to_input_file(self) -> StorageInput:
        """The same object, to read."""
        return StorageInput(self.location, self._storage)

    def create(self, overwrite: bool = False) -> Any:
        """A binary stream whose bytes become the object when it is closed.

        Raises:
            FileExistsError: there is such an object, and `overwrite` is not set.
        """
        if not overwrite and self.exists():
            raise FileExistsError(self.location)
        return _Pending(self.location, self._storage)


class StorageIO(FileIO):
    """pyiceberg's FileIO over a Storage."""

    def __init__(self, storage: Storage) -> None:
        super().__init__({})
        self._storage = storage

    def new_input(self, location: str) -> StorageInput:
        """An object to read."""
        return StorageInput(location, self._storage)

    def new_output(self, location: str) -> StorageOutput:
        """An object to write."""
        return StorageOutput(location, self._storage)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """Remove an object."""
        self._storage.delete(location if isinstance(location, str) else location.location)
