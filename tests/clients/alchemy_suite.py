"""SQLAlchemy's own compliance tests of a dialect, run on PyAthena's; as PyAthena does, on Iceberg tables.

Left out is what Athena's dialect says it lacks (its requirements), expressions in LIMIT, integers beyond
bigint, and constraints. Started by tests/integration/test_athena_clients.py with SQLAlchemy's pytest plugin.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.testing import suite
from sqlalchemy.testing.suite import (  # noqa: F401 - what is imported is run
    BooleanTest,
    CollateTest,
    CompoundSelectTest,
    DateTest,
    DateTimeCoercedToDateTimeTest,
    DateTimeTest,
    ExistsTest,
    LikeFunctionsTest,
    NumericTest,
    OrderByLabelTest,
    ReturningGuardsTest,
    RowFetchTest,
    SameNamedSchemaTableTest,
    TableDDLTest,
    TextTest,
    WindowFunctionTest,
)


class CTETest(suite.CTETest):
    """The suite's, whose column without a foreign key has no type otherwise."""

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        super().define_tables(metadata)
        metadata.tables["some_table"].c.parent_id.type = Integer()
