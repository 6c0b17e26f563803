from __future__ import annotations

from pathlib import Path

from local_aws.caller import Principal, act_as, root_of
from local_aws.cloudformation.engine.clients import Clients
from local_aws.identity.sessions import Sessions
from local_aws.settings import Settings

ANA = Principal("user", "000000000000", "arn:aws:iam::000000000000:user/ana", "AIDA1")


def test_each_region_has_clients_of_its_own_of_every_service(tmp_path: Path) -> None:
    settings, sessions = Settings(state=tmp_path), Sessions(tmp_path / "sessions.sqlite")
    for region in ("us-east-1", "eu-west-1"):
        clients = Clients(settings, region, sessions)
        for service in ("s3", "glue"):
            assert clients(service).meta.region_name == region
            assert clients(service) is clients(service)


def test_a_stack_s_calls_are_made_as_who_asked_for_it(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "sessions.sqlite")
    clients = Clients(Settings(state=tmp_path), "us-east-1", sessions)
    with act_as(ANA):
        signer = clients("glue")._request_signer._credentials
        assert clients("glue") is clients("glue")
    session = sessions.find(signer.access_key)
    assert session is not None
    assert (session.principal, session.secret, session.token) == (ANA, signer.secret_key, signer.token)
    for own in (None, root_of("000000000000")):
        with act_as(own):
            assert clients("glue")._request_signer._credentials.access_key == "test"
