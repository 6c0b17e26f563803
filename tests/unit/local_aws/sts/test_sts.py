"""STS: what each operation gives, and what it refuses."""

from __future__ import annotations

import asyncio
import base64
import inspect
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local_aws.caller import Caller, Principal
from local_aws.errors import AwsError
from local_aws.identity.key_ids import form_of, new_key_id
from local_aws.identity.sessions import Sessions
from local_aws.sts.service import StsService

ACCOUNT = "000000000000"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/reader"
ROOT = Caller(ACCOUNT, "us-east-1", "test")
ANA = Principal("user", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/ana", "AIDA1")


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path / "sessions.sqlite")


@pytest.fixture
def call(sessions: Sessions) -> Any:
    async def ask(question: str, about: str) -> dict[str, Any] | None:
        known = {"id": "AROA1", "name": "reader", "most_seconds": 7200}
        return known if (question, about) == ("role", ROLE) else None

    service = StsService(ACCOUNT, sessions, ask)

    def make(operation: str, caller: Caller = ROOT, **request: Any) -> Any:
        answer = getattr(service, operation)(request, caller)
        return asyncio.run(answer) if inspect.isawaitable(answer) else answer

    return make


def token(**claims: Any) -> str:
    given = {"sub": "me", "iss": "https://idp.example.com", "aud": ["lake"], "exp": time.time() + 60}
    given |= claims
    body = base64.urlsafe_b64encode(json.dumps(given).encode()).decode().rstrip("=")
    return f"e30.{body}.c2ln"


def test_a_role_s_session_has_its_name_and_ends_when_it_was_asked_to(call: Any, sessions: Sessions) -> None:
    answer = call("assume_role", RoleArn=ROLE, RoleSessionName="me", DurationSeconds=900)
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/me"
    assert answer["AssumedRoleUser"] == {"AssumedRoleId": "AROA1:me", "Arn": arn}
    session = sessions.find(answer["Credentials"]["AccessKeyId"])
    assert session is not None
    assert session.principal == Principal("session", ACCOUNT, arn, "AROA1:me")
    assert session.token == answer["Credentials"]["SessionToken"]
    left = session.ends - datetime.now(UTC)
    assert timedelta(seconds=890) < left <= timedelta(seconds=900)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"RoleArn": ROLE.replace("reader", "nobody")}, "AccessDenied"),
        ({"RoleArn": "reader-as-a-name-only"}, "AccessDenied"),
        ({"RoleArn": ROLE, "DurationSeconds": 7201}, "ValidationError"),
    ],
)
def test_a_role_that_is_not_there_or_not_for_so_long_is_refused(
    call: Any, request_: dict[str, Any], code: str
) -> None:
    with pytest.raises(AwsError) as caught:
        call("assume_role", RoleSessionName="me", **request_)
    assert caught.value.code == code


def test_a_token_that_nobody_verified_opens_no_session(call: Any) -> None:
    asked = {"RoleArn": ROLE, "RoleSessionName": "web"}
    for bad, code in (
        (token(), "InvalidIdentityToken"),
        (token(exp=1), "ExpiredTokenException"),
        (token(sub=None), "InvalidIdentityToken"),
        (token(exp="soon"), "InvalidIdentityToken"),
        ("x", "InvalidIdentityToken"),
        ("a.%%%.c", "InvalidIdentityToken"),
        (f"a.{base64.urlsafe_b64encode(b'[' * 100000).decode()}.c", "InvalidIdentityToken"),
    ):
        with pytest.raises(AwsError) as caught:
            call("assume_role_with_web_identity", WebIdentityToken=bad, **asked)
        assert caught.value.code == code


def test_a_session_of_a_session_is_refused(call: Any) -> None:
    of_user = Caller(ACCOUNT, "us-east-1", new_key_id("ASIA", ACCOUNT), principal=ANA)
    for operation in ("get_session_token", "get_federation_token"):
        with pytest.raises(AwsError, match="session credentials"):
            call(operation, of_user, Name="x")


def test_the_root_s_session_is_an_hour_at_most(call: Any) -> None:
    given = call("get_session_token", DurationSeconds=43200)["Credentials"]
    assert given["Expiration"] - datetime.now(UTC) <= timedelta(hours=1)
    of_ana = call("get_session_token", Caller(ACCOUNT, "us-east-1", principal=ANA), DurationSeconds=43200)
    assert of_ana["Credentials"]["Expiration"] - datetime.now(UTC) > timedelta(hours=11)


def test_keys_show_whose_they_are() -> None:
    for account in (ACCOUNT, "123456789012", "123456789013"):
        key = new_key_id("ASIA", account)
        assert len(key) == 20
        assert form_of(account).fullmatch(key)
        assert not form_of("999999999999").fullmatch(key)
    assert not form_of(ACCOUNT).fullmatch("AKIAIOSFODNN7EXAMPLE")


def test_ended_sessions_go_in_the_end(sessions: Sessions) -> None:
    old = sessions.give(ANA, timedelta(days=-3))
    lately = sessions.give(ANA, timedelta(hours=-1))
    sessions.give(ANA, timedelta(hours=1))
    assert sessions.find(old.access_key_id) is None
    assert sessions.find(lately.access_key_id) is not None
