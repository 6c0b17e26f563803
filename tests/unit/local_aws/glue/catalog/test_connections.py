"""Connections of the Data Catalog."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.in_process import InProcessClient

JDBC: dict[str, Any] = {
    "Name": "ventas",
    "ConnectionType": "JDBC",
    "MatchCriteria": ["a", "b"],
    "ConnectionProperties": {
        "JDBC_CONNECTION_URL": "jdbc:postgresql://db:5432/ventas",
        "USERNAME": "ana",
        "PASSWORD": "clave",
    },
}


def test_a_connection_is_kept_and_its_password_can_be_hidden(glue: InProcessClient) -> None:
    assert glue.create_connection(ConnectionInput=JDBC, Tags={"t": "1"}) == {
        "CreateConnectionStatus": "READY"
    }
    shown = glue.get_connection(Name="ventas")["Connection"]
    assert {name: shown[name] for name in JDBC} == JDBC
    assert shown["Status"] == "READY"
    hidden = glue.get_connection(Name="ventas", HidePassword=True)["Connection"]
    assert set(hidden["ConnectionProperties"]) == {"JDBC_CONNECTION_URL", "USERNAME"}
    arn = "arn:aws:glue:us-east-1:000000000000:connection/ventas"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"t": "1"}


def test_connections_are_listed_by_type_and_criteria(glue: InProcessClient) -> None:
    glue.create_connection(ConnectionInput=JDBC)
    network = {"Name": "red", "ConnectionType": "NETWORK", "ConnectionProperties": {}}
    glue.create_connection(ConnectionInput=network)

    def names(**given: Any) -> list[str]:
        found = glue.get_connections(**given)["ConnectionList"]
        return [one["Name"] for one in found]

    assert names() == ["red", "ventas"]
    assert names(Filter={"ConnectionType": "JDBC"}) == ["ventas"]
    assert names(Filter={"MatchCriteria": ["b"]}) == ["ventas"]
    assert names(Filter={"MatchCriteria": ["c"]}) == []


def test_a_connection_is_replaced_and_deleted(glue: InProcessClient) -> None:
    glue.create_connection(ConnectionInput=JDBC)
    glue.update_connection(Name="ventas", ConnectionInput={**JDBC, "Description": "nueva"})
    assert glue.get_connection(Name="ventas")["Connection"]["Description"] == "nueva"
    done = glue.batch_delete_connection(ConnectionNameList=["ventas", "nada"])
    assert done["Succeeded"] == ["ventas"]
    assert done["Errors"]["nada"]["ErrorCode"] == "EntityNotFoundException"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ConnectionProperties": {"USERNAME": "a", "PASSWORD": "b"}}, "JDBC_CONNECTION_URL"),
        ({"ConnectionProperties": {"JDBC_CONNECTION_URL": "http://a"}}, "JDBC_CONNECTION_URL"),
        ({"ConnectionProperties": {"JDBC_CONNECTION_URL": "jdbc:mysql://h/d"}}, "USERNAME"),
        ({"ConnectionType": "MARKETPLACE"}, "MARKETPLACE"),
    ],
)
def test_what_no_job_could_use_is_refused(glue: InProcessClient, changes: Any, message: str) -> None:
    with pytest.raises(ClientError, match=f"InvalidInputException.*{message}"):
        glue.create_connection(ConnectionInput={**JDBC, **changes})


def test_names_are_used_once_and_must_be_there(glue: InProcessClient) -> None:
    glue.create_connection(ConnectionInput=JDBC)
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        glue.create_connection(ConnectionInput=JDBC)
    for call in (
        lambda: glue.get_connection(Name="nada"),
        lambda: glue.delete_connection(ConnectionName="nada"),
        lambda: glue.update_connection(Name="nada", ConnectionInput={**JDBC, "Name": "nada"}),
    ):
        with pytest.raises(ClientError, match="EntityNotFoundException"):
            call()
    with pytest.raises(ClientError, match="renamed"):
        glue.update_connection(Name="ventas", ConnectionInput={**JDBC, "Name": "otra"})
