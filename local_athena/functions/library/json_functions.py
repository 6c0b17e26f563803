"""JSON functions. https://trino.io/docs/current/functions/json.html"""

from __future__ import annotations

from local_athena.functions.entry import Entry, function
from local_athena.sql.build import template
from local_athena.values import json_paths, json_values

ENTRIES: tuple[Entry, ...] = (
    function("json_parse", "varchar -> json", python=json_values.json_parse),
    function("json_format", "json -> varchar", template("{0}")),
    function(
        "json_extract", ("json, varchar -> json", "varchar, varchar -> json"), python=json_paths.extract
    ),
    function(
        "json_extract_scalar",
        ("json, varchar -> varchar", "varchar(x), varchar -> varchar(x)"),
        python=json_paths.extract_scalar,
    ),
    function("json_size", ("json, varchar -> bigint", "varchar, varchar -> bigint"), python=json_paths.size),
    function("json_array_length", ("json -> bigint", "varchar -> bigint"), python=json_paths.array_length),
    function(
        "json_array_get", ("json, bigint -> json", "varchar, bigint -> json"), python=json_paths.array_get
    ),
    function(
        "json_array_contains",
        (
            "json, bigint -> boolean",
            "varchar, bigint -> boolean",
            "json, double -> boolean",
            "varchar, double -> boolean",
            "json, varchar -> boolean",
            "varchar, varchar -> boolean",
            "json, boolean -> boolean",
            "varchar, boolean -> boolean",
        ),
        python=json_paths.array_contains,
    ),
    function("is_json_scalar", ("json -> boolean", "varchar -> boolean"), python=json_paths.is_scalar),
)
