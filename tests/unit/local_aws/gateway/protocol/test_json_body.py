"""A body that no later step could handle is refused while it is read."""

import pytest

from local_aws.errors import AwsError
from local_aws.gateway.operations import service_model
from local_aws.gateway.protocol.json_body import parse_json_body

GET_TABLES = service_model("glue").operation_model("GetTables").input_shape


@pytest.mark.parametrize(
    "body",
    [
        b'{"DatabaseName": "\\ud800"}',
        b'{"DatabaseName": {"\\uDC00x": 1}}',
        b'{"DatabaseName": "\xed\xa0\x80"}',
        b'{"DatabaseName": "\xff"}',
        b'{"DatabaseName": "d", "MaxResults": NaN}',
        b'{"DatabaseName": "d", "MaxResults": -Infinity}',
        b'{"DatabaseName": "d", "MaxResults": 1e999}',
        b'{"DatabaseName": "d", "MaxResults": 1' + b"0" * 400 + b"}",
        b"[" * 100_000,
    ],
)
def test_what_cannot_be_written_again_is_no_document(body: bytes) -> None:
    with pytest.raises(AwsError) as refused:
        parse_json_body(body, GET_TABLES)
    assert refused.value.code == "SerializationException"


@pytest.mark.parametrize(
    "body", [b'{"DatabaseName": "\\ud83d\\ude00"}', '\ufeff{"DatabaseName": "😀"}'.encode()]
)
def test_whole_characters_are_read_however_they_are_written(body: bytes) -> None:
    assert parse_json_body(body, GET_TABLES) == {"DatabaseName": "😀"}
