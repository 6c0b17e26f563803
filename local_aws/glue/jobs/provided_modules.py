"""The Python packages that a job finds on AWS without asking, and which of them a script uses.

Laguna's own environment has few of them, and most jobs use none. What a script imports and AWS has is
installed the first time, as if `--additional-python-modules` named it.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python-libraries.html#glue-modules-provided
https://docs.aws.amazon.com/glue/latest/dg/add-job-python.html (the library set of Python shell jobs)
"""

from __future__ import annotations

import ast
import re
import zipfile
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

SPARK_JOBS = {
    "aiohttp": "aiohttp", "lxml": "lxml", "matplotlib": "matplotlib", "openpyxl": "openpyxl",
    "pandas": "pandas>=2.2,<3", "plotly": "plotly", "pymysql": "PyMySQL", "s3fs": "s3fs",
    "scipy": "scipy", "sklearn": "scikit-learn", "statsmodels": "statsmodels", "tqdm": "tqdm",
}  # fmt: skip
"""Requirements by the name that is imported."""
PYTHON_SHELL = {
    "avro": "avro", "awscli": "awscli", "awswrangler": "awswrangler", "elasticsearch": "elasticsearch",
    "numpy": "numpy", "openpyxl": "openpyxl", "pandas": "pandas>=2.2,<3", "psycopg2": "psycopg2-binary",
    "pyathena": "PyAthena", "pymysql": "PyMySQL", "pyodbc": "pyodbc", "requests": "requests",
    "redshift_connector": "redshift-connector", "s3fs": "s3fs", "sklearn": "scikit-learn",
    "sqlalchemy": "SQLAlchemy",
}  # fmt: skip
PROVIDED = {"glueetl": SPARK_JOBS, "pythonshell": PYTHON_SHELL}
PANDAS_OF_SPARK = {"applyInPandas", "cogroup", "mapInPandas", "pandas_udf", "toPandas", "to_pandas_on_spark"}
"""Names of PySpark that import pandas."""

JARS_OF_GLUE = re.compile(
    r"jdbc|databricks\.spark\.xml|[\"'](?:postgresql|mysql|redshift|avro|xml)[\"']", re.IGNORECASE
)


def provided(command: str, library_set: str, files: Iterable[Path]) -> list[str]:
    """Requirements that these files of a job use, that AWS has and that are not installed here."""
    if library_set == "none":
        return []
    there = PROVIDED.get(command, {})
    # Most sources name none of them, and need not be parsed to know it.
    maybe = re.compile("|".join((*there, *PANDAS_OF_SPARK)))
    texts = (text for file in files for text in _sources(file) if maybe.search(text))
    used = {name for text in texts for name in used_names(text)}
    return sorted({there[name] for name in used & there.keys() if find_spec(name) is None})


def uses_jars_of_glue(files: Iterable[Path]) -> bool:
    """Whether these files of a job speak of a database, Avro or XML: then its Spark needs Glue's jars."""
    return any(JARS_OF_GLUE.search(text) for file in files for text in _sources(file))


def used_names(text: str) -> Iterator[str]:
    """The top names of what a source imports; nothing for one that is no Python, which fails by itself."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]
            if node.module.startswith("pyspark.pandas"):
                yield "pandas"
        if (isinstance(node, ast.Attribute) and node.attr in PANDAS_OF_SPARK) or (
            isinstance(node, ast.alias) and node.name in (*PANDAS_OF_SPARK, "pyspark.pandas")
        ):
            yield "pandas"


def _sources(file: Path) -> Iterator[str]:
    if file.suffix == ".py":
        yield file.read_text(encoding="utf-8", errors="replace")
    elif zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                if entry.filename.endswith(".py") and entry.file_size < LARGEST_SOURCE:
                    yield archive.read(entry).decode("utf-8", "replace")


LARGEST_SOURCE = 2**20
"""Bytes: no larger file in an archive is looked through."""
