"""The pytest plugin: `pytest_plugins = ["laguna.testing.plugin"]` in a `conftest.py`.

It is not loaded by an entry point: a project that has Laguna installed for another reason pays nothing, and a
reader of `conftest.py` sees where the fixtures come from. Loading it imports no AWS library, no Spark and no
DuckDB; a fixture imports what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from laguna.testing.lake import Lake
    from laguna.testing.running import Laguna
    from local_aws.localstack import LocalStack

Scope = Literal["session", "package", "module", "class", "function"]
BEFORE_TEST = "before-the-test"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the settings of the fixtures, for `pytest.ini` or `[tool.pytest.ini_options]`."""
    scopes = ", ".join(get_args(Scope))
    parser.addini("laguna_scope", f"How long a local AWS lives: {scopes}.", default="session")
    parser.addini("laguna_region", "The AWS region of the tests.", default="us-east-1")
    parser.addini("laguna_template", "The CloudFormation template of the fixture 'lake'.", default="")
    parser.addini("laguna_parameters", "Its parameters, each NAME=VALUE.", type="linelist")
    parser.addini("laguna_warm_spark", "Start Spark with the local AWS.", type="bool", default=False)


def _scope(fixture_name: str, config: pytest.Config) -> Scope:
    scope = config.getini("laguna_scope")
    if scope not in get_args(Scope):
        raise pytest.UsageError(f"laguna_scope is '{scope}'; it is one of {', '.join(get_args(Scope))}")
    return cast(Scope, scope)


@pytest.fixture(scope=_scope)
def laguna(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laguna]:
    """A local AWS of its own, and the environment that leads the code under test to it."""
    from laguna.testing.environment import aws_environment
    from laguna.testing.running import start_laguna, stop_laguna
    from local_aws.control import ServerError

    region = pytestconfig.getini("laguna_region")
    with aws_environment(region):
        try:
            started = start_laguna(
                tmp_path_factory.mktemp("laguna"),
                region=region,
                warm_spark=pytestconfig.getini("laguna_warm_spark"),
            )
        except ServerError as error:
            pytest.fail(f"The local AWS did not start: {error}", pytrace=False)
        try:
            with aws_environment(region, started.endpoint):
                yield started
        finally:
            stop_laguna(started)


@pytest.fixture
def laguna_client(laguna: Laguna) -> Callable[..., Any]:
    """Makes boto3 clients: `laguna_client("athena")`."""
    return laguna.client


@pytest.fixture(scope=_scope)
def lake(laguna: Laguna, pytestconfig: pytest.Config) -> Lake:
    """The deployed stack: of `laguna_template`, of the project's `laguna.toml`, or of Laguna's own lake."""
    from laguna.errors import LagunaError
    from laguna.testing.lake import deploy_project, deploy_template

    template = pytestconfig.getini("laguna_template")
    try:
        if not template:
            return deploy_project(laguna, pytestconfig.rootpath)
        parameters = _parameters(pytestconfig.getini("laguna_parameters"))
        return deploy_template(laguna, _file(pytestconfig.rootpath / template), parameters)
    except LagunaError as error:
        pytest.fail(f"The lake was not deployed: {error}", pytrace=False)


@pytest.fixture(scope="session")
def laguna_spark() -> Iterator[SparkSession]:
    """A Spark of this process with two threads, for transforms that need no AWS."""
    from laguna.testing.spark import spark_session

    with spark_session() as session:
        yield session


@pytest.fixture
def laguna_restored(laguna: Laguna) -> Iterator[None]:
    """What the test changes in the local AWS is taken back after it, in milliseconds."""
    from local_aws.snapshots.client import SnapshotError

    try:
        laguna.save(BEFORE_TEST)
        yield
        laguna.load(BEFORE_TEST)
    except SnapshotError as error:
        pytest.fail(f"The state of the local AWS was not put back: {error}", pytrace=False)


@pytest.fixture(scope="session")
def localstack() -> Iterator[LocalStack]:
    """LocalStack's S3 at `localstack.endpoint`: by Docker when it answers, else from its package."""
    from local_aws.localstack import LocalStackError, start

    try:
        started = start()
    except LocalStackError as error:
        pytest.fail(str(error), pytrace=False)
    with started:
        yield started


def _parameters(lines: list[str]) -> dict[str, str]:
    wrong = [line for line in lines if "=" not in line]
    if wrong:
        raise pytest.UsageError(f"laguna_parameters has '{wrong[0]}'; each line is NAME=VALUE")
    return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}


def _file(path: Path) -> Path:
    if not path.is_file():
        raise pytest.UsageError(f"laguna_template is '{path}', which is no file")
    return path
