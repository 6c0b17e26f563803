"""The SQLite tables of the Data Catalog.

A partition is one row. `typed` is a JSON array of its values in the types of the table's partition keys
(`partition_values.py`), and `value_0 …` are columns computed from it, so that one index answers a filter on
partition keys without reading the partitions; further keys are read from `typed` itself. `malformed` has bit
`n` set when value `n` is no value of its key's type.
"""

from __future__ import annotations

INDEXED_KEYS = 6
"""So many leading partition keys are in the index; the others are filtered without it."""

_value_columns = ",\n  ".join(
    f"value_{n} AS (json_extract(typed, '$[{n}]')) VIRTUAL" for n in range(INDEXED_KEYS)
)
_index_columns = ", ".join(f"value_{n}" for n in range(INDEXED_KEYS))

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS catalog_database (
  name TEXT PRIMARY KEY,
  created REAL NOT NULL,
  body TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS catalog_table (
  id INTEGER PRIMARY KEY,
  database_name TEXT NOT NULL REFERENCES catalog_database ON DELETE CASCADE ON UPDATE CASCADE,
  name TEXT NOT NULL,
  created REAL NOT NULL,
  updated REAL NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (database_name, name)
);

CREATE TABLE IF NOT EXISTS catalog_table_version (
  table_id INTEGER NOT NULL REFERENCES catalog_table ON DELETE CASCADE,
  version INTEGER NOT NULL,
  updated REAL NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (table_id, version)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS catalog_partition (
  id INTEGER PRIMARY KEY,
  table_id INTEGER NOT NULL REFERENCES catalog_table ON DELETE CASCADE,
  "values" TEXT NOT NULL,
  created REAL NOT NULL,
  typed TEXT NOT NULL,
  malformed INTEGER NOT NULL,
  body TEXT NOT NULL,
  {_value_columns},
  UNIQUE (table_id, "values")
);
CREATE INDEX IF NOT EXISTS catalog_partition_listed ON catalog_partition (table_id);
CREATE INDEX IF NOT EXISTS catalog_partition_filtered ON catalog_partition (table_id, {_index_columns});
CREATE INDEX IF NOT EXISTS catalog_partition_malformed ON catalog_partition (table_id) WHERE malformed <> 0;

CREATE TABLE IF NOT EXISTS catalog_partition_index (
  table_id INTEGER NOT NULL REFERENCES catalog_table ON DELETE CASCADE,
  name TEXT NOT NULL,
  keys TEXT NOT NULL,
  PRIMARY KEY (table_id, name)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS catalog_table_statistics (
  owner INTEGER NOT NULL REFERENCES catalog_table ON DELETE CASCADE,
  column_name TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (owner, column_name)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS catalog_partition_statistics (
  owner INTEGER NOT NULL REFERENCES catalog_partition ON DELETE CASCADE,
  column_name TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (owner, column_name)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS catalog_function (
  database_name TEXT NOT NULL REFERENCES catalog_database ON DELETE CASCADE ON UPDATE CASCADE,
  name TEXT NOT NULL,
  created REAL NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (database_name, name)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS catalog_connection (
  name TEXT PRIMARY KEY,
  created REAL NOT NULL,
  updated REAL NOT NULL,
  body TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS catalog_tag (
  arn TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (arn, key)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS catalog_setting (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS security_configuration (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL
) WITHOUT ROWID;
"""
