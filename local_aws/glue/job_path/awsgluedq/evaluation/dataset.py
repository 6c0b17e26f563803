"""The data that a ruleset is evaluated on: the primary frame, others by alias, and columns by name.

A name is looked up in the schema and quoted: it never becomes SQL. A where clause is Spark SQL of the
ruleset's author, and is checked before anything is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import AnalysisException, IllegalArgumentException, ParseException, PySparkException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import DataType, NumericType, StringType

from awsgluedq.dqdl.model import Rule
from awsgluedq.evaluation.plan import Failing

NUMERIC = "ByteType,ShortType,IntegerType,LongType,FloatType,DoubleType,DecimalType"


@dataclass(frozen=True, slots=True)
class Dataset:
    """The primary frame, the others, and what rows that a where clause leaves out are labelled."""

    frame: DataFrame
    others: Mapping[str, DataFrame]
    filtered_rows_pass: bool = True

    def column(self, name: str) -> Column:
        """The column of a name.

        Raises:
            Failing: there is none.
        """
        self.type_of(name)
        return named(name)

    def type_of(self, name: str) -> DataType:
        """The type of the column of a name.

        Raises:
            Failing: there is none.
        """
        return type_in(self.frame, name)

    def numeric(self, name: str) -> Column:
        """The column of a name, whose values must be numbers.

        Raises:
            Failing: there is none, or it is of another type.
        """
        kind = self.type_of(name)
        if not isinstance(kind, NumericType):
            raise Failing(
                f"Expected type of column {name} to be one of ({NUMERIC}), but found {_shown(kind)} instead!"
            )
        return named(name)

    def textual(self, name: str) -> Column:
        """The column of a name, whose values must be texts.

        Raises:
            Failing: there is none, or it is of another type.
        """
        kind = self.type_of(name)
        if not isinstance(kind, StringType):
            raise Failing(
                f"Expected type of column {name} to be StringType, but found {_shown(kind)} instead!"
            )
        return named(name)

    def other(self, alias: str, missing: str = "{} not found in additional sources") -> DataFrame:
        """The frame of an alias.

        Raises:
            Failing: there is none.
        """
        if alias not in self.others:
            raise Failing(missing.format(alias))
        return self.others[alias]

    def within(self, rule: Rule, column: Column) -> Column:
        """The column's values in rows that the rule's where clause names, and null in the others."""
        return column if rule.where is None else F.when(F.expr(rule.where), column)

    def row_condition(self, rule: Rule, condition: Column) -> Column:
        """A condition on rows as the outcome of each row; a condition that is null is not met."""
        met = F.coalesce(condition, F.lit(False))
        if rule.where is None:
            return met
        outside = F.lit(True) if self.filtered_rows_pass else F.lit(None).cast("boolean")
        return F.when(F.expr(rule.where), met).otherwise(outside)

    def pattern(self, text: str) -> Any:
        """A regular expression of Java's, which is what Spark matches with.

        Raises:
            Failing: it is none.
        """
        jvm = self.frame.sparkSession._jvm
        try:
            return jvm.java.util.regex.Pattern.compile(text)
        except PySparkException as error:
            raise Failing(f"Invalid regex pattern '{text}': {first_line(error)}") from None

    def check_where(self, rule: Rule) -> None:
        """Raise Spark's IllegalArgumentException, as on AWS, if the where clause is none."""
        if rule.where is None:
            return
        try:
            self.frame.where(rule.where)
        except (AnalysisException, ParseException) as error:
            raise IllegalArgumentException(
                f"Rule {rule} has provided an invalid where clause :\n{first_line(error)}"
            ) from None


def first_line(error: Exception) -> str:
    """What Spark says is wrong, without the plan or the stack below it."""
    said = str(error)
    if isinstance(error, Py4JJavaError):
        cause = error.java_exception
        while cause.getCause() is not None:
            cause = cause.getCause()
        said = cause.getMessage() or cause.toString()
    return said.strip().partition("\n")[0]


def named(name: str) -> Column:
    """A column by its whole name, whatever is in it."""
    return F.col(f"`{name.replace('`', '``')}`")


def type_in(frame: DataFrame, name: str) -> DataType:
    """The type of a frame's column.

    Raises:
        Failing: there is none of that name.
    """
    exact = {field.name: field.dataType for field in frame.schema}
    kind = exact.get(name) or {key.lower(): kind for key, kind in exact.items()}.get(name.lower())
    if kind is None:
        raise Failing(f"Input data does not include column {name}!")
    return kind


def _shown(kind: DataType) -> str:
    return type(kind).__name__
