from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from pipeline.cli.sentences import sentence_of
from pipeline.errors import LagunaError

REFUSED = ClientError({"Error": {"Code": "AccessDenied", "Message": "No way."}}, "GetObject")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (LagunaError("Do this."), "Do this."),
        (REFUSED, "AWS refused GetObject with AccessDenied: No way."),
        (
            EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
            "No AWS answers at http://127.0.0.1:1; start the local one with 'laguna up', or check --port.",
        ),
        (PermissionError(13, "Permission denied", "lake"), "lake: Permission denied."),
    ],
)
def test_an_error_is_one_sentence(error: Exception, sentence: str) -> None:
    assert sentence_of(error) == sentence


def test_missing_credentials_say_how_to_get_them() -> None:
    assert "aws configure" in sentence_of(NoCredentialsError())


def test_an_error_of_ours_that_nobody_foresaw_names_itself_and_the_traceback() -> None:
    assert sentence_of(KeyError("x")) == ("KeyError: 'x' (set LAGUNA_TRACEBACK=1 to see where it happened).")
