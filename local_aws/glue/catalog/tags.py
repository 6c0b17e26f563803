"""Tags of Glue resources, kept by ARN.

Each part of Glue says which kinds of resource it has (`add_kind`), so that a tag cannot be put on something
that is not there.
"""

from __future__ import annotations

from collections.abc import Callable

from local_aws.caller import Caller
from local_aws.glue.catalog.errors import invalid, not_found
from local_aws.glue.catalog.store import Answer, CatalogStore, Request

MOST = 50


class Tags:
    """TagResource, UntagResource, GetTags."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store
        self._kinds: dict[str, Callable[[str], bool]] = {}

    def add_kind(self, kind: str, exists: Callable[[str], bool]) -> None:
        """Let resources of `kind` (`database`, `crawler`, `job`, as in their ARN) be tagged."""
        self._kinds[kind] = exists

    def put(self, kind: str, name: str, tags: dict[str, str] | None) -> None:
        """Add tags to a resource that is being made.

        Raises:
            AwsError: InvalidInputException, it would have more than 50.
        """
        self._add(self._arn(kind, name), tags or {})

    def of(self, kind: str, name: str) -> dict[str, str]:
        """The tags of a resource."""
        return self._read(self._arn(kind, name))

    def rename(self, kind: str, old: str, new: str) -> None:
        """Carry a resource's tags to its new name."""
        with self._store.database.write() as connection:
            connection.execute(
                "UPDATE catalog_tag SET arn = ? WHERE arn = ?", (self._arn(kind, new), self._arn(kind, old))
            )

    def drop(self, kind: str, name: str) -> None:
        """Forget the tags of a resource that is deleted."""
        with self._store.database.write() as connection:
            connection.execute("DELETE FROM catalog_tag WHERE arn = ?", (self._arn(kind, name),))

    def tag_resource(self, request: Request, caller: Caller) -> Answer:
        """Add tags to a resource, or change their values."""
        self._require(request["ResourceArn"])
        self._add(request["ResourceArn"], request["TagsToAdd"])
        return {}

    def untag_resource(self, request: Request, caller: Caller) -> Answer:
        """Remove tags from a resource; those it does not have are passed over."""
        arn = request["ResourceArn"]
        self._require(arn)
        with self._store.database.write() as connection:
            connection.executemany(
                "DELETE FROM catalog_tag WHERE arn = ? AND key = ?",
                [(arn, key) for key in request["TagsToRemove"]],
            )
        return {}

    def get_tags(self, request: Request, caller: Caller) -> Answer:
        """Return the tags of a resource."""
        self._require(request["ResourceArn"])
        return {"Tags": self._read(request["ResourceArn"])}

    def _arn(self, kind: str, name: str) -> str:
        return f"arn:aws:glue:{self._store.region}:{self._store.account_id}:{kind}/{name}"

    def _require(self, arn: str) -> None:
        prefix = f"arn:aws:glue:{self._store.region}:{self._store.account_id}:"
        kind, _, name = arn.removeprefix(prefix).partition("/")
        if not arn.startswith(prefix) or not name or kind not in self._kinds:
            raise invalid(f"'{arn}' is not the ARN of a Glue resource of this account that can have tags.")
        if not self._kinds[kind](name):
            raise not_found()

    def _read(self, arn: str) -> dict[str, str]:
        rows = self._store.read().execute(
            "SELECT key, value FROM catalog_tag WHERE arn = ? ORDER BY key", (arn,)
        )
        return {row["key"]: row["value"] for row in rows}

    def _add(self, arn: str, tags: dict[str, str]) -> None:
        with self._store.database.write() as connection:
            if len(self._read(arn) | tags) > MOST:
                raise invalid(f"A resource can have at most {MOST} tags.")
            connection.executemany(
                "INSERT OR REPLACE INTO catalog_tag VALUES (?, ?, ?)",
                [(arn, key, value) for key, value in tags.items()],
            )
