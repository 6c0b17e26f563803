"""10,000 broken statements: each is refused, fails or succeeds as a statement, and the server goes on.

They are statements of every kind with words left out, doubled, exchanged or replaced, so that most get past
the first word and many past the parser.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import LocalAws
from tests.integration.athena_client import AthenaClient

pytestmark = [pytest.mark.extended, pytest.mark.timeout(2400)]

BUCKET = "athena-fuzz"
STATEMENTS = 10_000
SEEDS = (Path(__file__).parent / "fuzz_statements.sql").read_text().splitlines()
ODD = (
    "'", '"', "(", ")", "NULL", "*", ",", "-1", "9999999999999999999999", "''", "ñ", "\x00", "SELECT", "->",
    "[", "?", "1e999", "AS", "--", "/*", "`", "$path", "'2025-13-45'", "OVER", "x.y.z.w", "DISTINCT", ";",
    "\\", "🙂",
)  # fmt: skip
WORD = re.compile(r"\s+|\w+|'[^']*'|.", re.DOTALL)


def broken(chance: random.Random) -> str:
    """One statement with one to three things wrong with it."""
    words = WORD.findall(chance.choice(SEEDS))
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(words))
        kind = chance.randrange(5)
        if kind == 0:
            del words[at]
        elif kind == 1:
            words.insert(at, chance.choice(words))
        elif kind == 2:
            other = chance.randrange(len(words))
            words[at], words[other] = words[other], words[at]
        else:
            words[at : at + kind - 3] = [chance.choice(ODD)]
        if not words:
            return ""
    return "".join(words)


@pytest.fixture(scope="module")
def client(aws: LocalAws) -> AthenaClient:
    aws.client("s3").create_bucket(Bucket=BUCKET)
    made = AthenaClient(aws, BUCKET, "fuzz")
    made.run("CREATE DATABASE fuzz")
    for name in ("t", "u"):
        made.run(f"CREATE TABLE {name} AS SELECT * FROM (VALUES (1, 'x'), (2, 'y')) AS v(a, b)")
    return made


def outcome(client: AthenaClient, sql: str) -> tuple[str, str]:
    """How a statement ended, and what is wrong with that."""
    try:
        execution = client.execution(sql)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return "refused", "" if status == 400 else f"{status}: {error}"
    state = execution["Status"]["State"]
    failure: dict[str, Any] = execution["Status"].get("AthenaError") or {}
    internal = failure.get("ErrorCategory") == 1 and failure.get("ErrorType") == 1
    return state, execution["Status"]["StateChangeReason"] if internal else ""


def test_broken_statements_never_break_the_server(client: AthenaClient) -> None:
    chance = random.Random(20251121)
    statements = [sql for sql in (broken(chance) for _ in range(STATEMENTS)) if sql]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda sql: outcome(client, sql), statements))
    wrong = [f"{sql!r}: {what}" for sql, (_, what) in zip(statements, outcomes, strict=True) if what]
    print(Counter(state for state, _ in outcomes))
    assert not wrong, f"{len(wrong)} broke something:\n" + "\n".join(wrong[:20])
    assert client.rows("SELECT 1") == [["1"]]
