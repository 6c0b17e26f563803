# ruff: noqa: N802, N803 - the names are AWS's
"""The operations of a DynamicFrame that change what fields its records have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from awsglue.collection import DynamicFrameCollection
from awsglue.dynamic import dynamodb_json, fields, flatten, resolve, unboxing
from awsglue.dynamic.catalog_types import catalog_types
from awsglue.dynamic.data import Columns, Data
from awsglue.dynamic.errors import Stage
from awsglue.frame_base import Paths, as_list
from awsglue.frame_rows import RowOperations


class FieldOperations(RowOperations):
    """Choosing, naming, typing and flattening fields."""

    def apply_mapping(
        self,
        mappings: Sequence[Any],
        case_sensitive: bool = False,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Rename, cast and keep fields: (from, to), (from, to, type) or (from, its type, to, type).

        Fields without a mapping are dropped, and so is a mapping of a field that is not there.
        """
        wanted = [mappings] if isinstance(mappings, tuple) and isinstance(mappings[0], str) else mappings
        return self._by(
            lambda columns: fields.apply_mapping(columns, list(wanted), case_sensitive),
            stageThreshold,
            totalThreshold,
        )

    def applyMapping(self, *args: Any, **kwargs: Any) -> Self:
        """`apply_mapping` by its older name."""
        return self.apply_mapping(*(args[1:] if args and args[0] is self else args), **kwargs)

    def select_fields(
        self,
        paths: Paths,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Only the fields at `paths`."""
        wanted = as_list(paths)
        return self._by(lambda columns: fields.select_fields(columns, wanted), stageThreshold, totalThreshold)

    def drop_fields(
        self,
        paths: Paths,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """All but the fields at `paths`."""
        unwanted = as_list(paths)
        return self._by(lambda columns: fields.drop_fields(columns, unwanted), stageThreshold, totalThreshold)

    def rename_field(
        self,
        oldName: str,
        newName: str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """The same records with one field under another name."""
        return self._by(
            lambda columns: fields.rename_field(columns, oldName, newName), stageThreshold, totalThreshold
        )

    def resolveChoice(
        self,
        specs: Sequence[Any] | None = None,
        choice: str = "",
        database: str | None = None,
        table_name: str | None = None,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
        catalog_id: str | None = None,
    ) -> Self:
        """Settle fields of several types: by `specs` (path, action), or all of them by one `choice`."""
        if not specs and not choice:
            raise ValueError("Parameter specs and option are both missing, add one.")
        if specs and choice:
            raise ValueError("Parameter specs and option are both specified, choose one.")
        if specs and isinstance(specs, tuple) and isinstance(specs[0], str):
            specs = [specs]
        names = [choice] if choice else [action for _, action in specs or ()]
        catalog = catalog_types(names, database, table_name, catalog_id)

        def resolved(columns: Columns) -> Columns:
            if choice:
                return resolve.everywhere(columns, choice, catalog)
            return resolve.by_specs(columns, list(specs or ()), catalog)

        return self._by(resolved, stageThreshold, totalThreshold)

    def unbox(
        self,
        path: str,
        format: str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
        **options: Any,
    ) -> Self:
        """The records with the text at `path` read as `format`; what cannot be read is an error record."""
        unboxer = unboxing.unboxer(path, format, options)
        made = self.map(unboxer, False, "", info, stageThreshold, totalThreshold)
        if options.get("withSchema"):
            return made._by(lambda columns: unboxing.with_schema(columns, path, options["withSchema"]))
        return made

    def unnest(
        self,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """One flat table: structs as `struct.field`, arrays as keys."""
        return self._by(flatten.unnest, stageThreshold, totalThreshold)

    def unnest_ddb_json(
        self,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """The records of DynamoDB's JSON without its types, flat."""
        return self.map(dynamodb_json.unnested, False, "", info, stageThreshold, totalThreshold)

    def simplify_ddb_json(
        self,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """The records of DynamoDB's JSON without its types."""
        return self.map(dynamodb_json.simplified, False, "", info, stageThreshold, totalThreshold)

    def relationalize(
        self,
        root_table_name: str,
        staging_path: str,
        options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrameCollection:
        """Flat tables that join by keys; nothing is written to `staging_path`, which AWS needs."""
        tables = flatten.relationalize(self._checked().columns, root_table_name)
        stages = (*self._stages, Stage(None, stageThreshold, totalThreshold))
        made: dict[str, Any] = {
            name: type(self)(Data.of_columns(columns), self.glue_ctx, name, stages)
            for name, columns in tables.items()
        }
        return DynamicFrameCollection(made, self.glue_ctx)

    def split_fields(
        self,
        paths: Paths,
        name1: str,
        name2: str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> DynamicFrameCollection:
        """Two frames: one with the fields at `paths`, one with the others."""
        chosen = self.select_fields(paths, "", info, stageThreshold, totalThreshold)
        rest = self.drop_fields(paths, "", info, stageThreshold, totalThreshold)
        return self._pair(chosen, rest, name1, name2)
