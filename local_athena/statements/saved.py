"""Prepared statements as PREPARE, DEALLOCATE and EXECUTE see them."""

from __future__ import annotations

from typing import Any, Protocol


class Saved(Protocol):
    """The prepared statements of all workgroups, as far as statements use them."""

    def query_of(self, workgroup: str, name: str) -> str | None:
        """The text of a prepared statement; None when there is none."""
        ...

    def create_prepared_statement(self, request: dict[str, Any], caller: Any) -> dict[str, Any]:
        """CreatePreparedStatement."""
        ...

    def delete_prepared_statement(self, request: dict[str, Any], caller: Any) -> dict[str, Any]:
        """DeletePreparedStatement."""
        ...
