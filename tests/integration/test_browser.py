"""A real browser opens pages of other sites, which try every way in: nothing changes, nothing is read."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from tests.browser import EVIL, Pages, opened, require_chromium, shown
from tests.conftest import LocalAws

pytestmark = pytest.mark.extended

ATTACKS = (Path(__file__).parent / "attacks.js").read_text()
TEST = Credentials("test", "test")
TEMPLATE = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
STACK = {"Action": "CreateStack", "StackName": "evil", "Version": "2010-05-15", "TemplateBody": TEMPLATE}
DELETE = "<Delete><Object><Key>kept</Key></Object></Delete>"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
SECRET = "the secret of the lake"
REPORT = "fetch('/report', {method: 'POST', body: JSON.stringify(%s)})"


@pytest.fixture(scope="module")
def chromium() -> str:
    return require_chromium()


@pytest.fixture
def pages() -> Iterator[Pages]:
    served = Pages()
    yield served
    served.close()


@dataclass(frozen=True)
class Lake(LocalAws):
    """The server of the session, and what other tests have left in it before a page tries anything."""

    before: Mapping[str, Any]


def inventory(aws: LocalAws) -> Mapping[str, Any]:
    return {
        "stacks": aws.client("cloudformation").list_stacks()["StackSummaries"],
        "databases": [found["Name"] for found in aws.client("glue").get_databases()["DatabaseList"]],
        "queries": aws.client("athena").list_query_executions()["QueryExecutionIds"],
        "machines": aws.client("stepfunctions").list_state_machines()["stateMachines"],
    }


@pytest.fixture(scope="module")
def lake(aws: LocalAws) -> Lake:
    s3 = aws.client("s3")
    for bucket in ("lake-of-ours", "lake-for-pages"):
        s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket="lake-of-ours", Key="kept", Body=SECRET)
    s3.put_object(
        Bucket="lake-of-ours", Key="script", Body=f"window.leaked = '{SECRET}'", ContentType="text/javascript"
    )
    s3.put_object(Bucket="lake-of-ours", Key="pixel", Body=PIXEL, ContentType="image/png")
    s3.put_object(Bucket="lake-for-pages", Key="shared", Body="shared")
    rule = {"AllowedOrigins": [f"http://{EVIL}:*"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["*"]}
    s3.put_bucket_cors(Bucket="lake-for-pages", CORSConfiguration={"CORSRules": [rule]})
    aws.client("secretsmanager").create_secret(Name="ours", SecretString=SECRET)
    aws.client("glue").create_database(DatabaseInput={"Name": "ours"})
    return Lake(aws.settings, inventory(aws))


def presigner(endpoint: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(signature_version="s3v4"),
    )


def signed_url(endpoint: str, service: str, method: str, path: str) -> str:
    request = AWSRequest(method, f"{endpoint}{path}")
    SigV4QueryAuth(TEST, service, "us-east-1", expires=3600).add_auth(request)
    return str(request.url)


def signed_headers(endpoint: str, service: str, target: str, body: str) -> dict[str, str]:
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
    request = AWSRequest("POST", f"{endpoint}/", headers=headers, data=body)
    SigV4Auth(TEST, service, "us-east-1").add_auth(request)
    return dict(request.headers.items())


CALLS = {
    "secret": ("secretsmanager", "secretsmanager.GetSecretValue", {"SecretId": "ours"}),
    "table": ("glue", "AWSGlue.DeleteDatabase", {"Name": "ours"}),
    "query": ("athena", "AmazonAthena.StartQueryExecution", {"QueryString": "SELECT 1"}),
    "machine": ("states", "AWSStepFunctions.CreateStateMachine", {"name": "evil"}),
}


def plan_for(endpoint: str) -> dict[str, Any]:
    """Everything that a page can prepare: whoever knows `test`/`test` can sign."""
    s3 = presigner(endpoint)
    scope = "X-Amz-Credential=test%2F20261130%2Fus-east-1%2F{}%2Faws4_request"
    query = "&".join(f"{name}={value}" for name, value in STACK.items() if name != "TemplateBody")
    bodies = {name: json.dumps(body) for name, (_, _, body) in CALLS.items()}

    def url(operation: str, **asked: Any) -> str:
        return str(s3.generate_presigned_url(operation, {"Bucket": "lake-of-ours", **asked}))

    return {
        "endpoint": endpoint,
        "create_stack": STACK,
        "signed_form": signed_url(endpoint, "cloudformation", "POST", "/"),
        "create_stack_url": signed_url(endpoint, "cloudformation", "GET", f"/?{query}&TemplateBody=%7B%7D"),
        "unsigned_image": f"{endpoint}/?{query}&TemplateBody=%7B%7D&{scope.format('cloudformation')}",
        "delete_objects": signed_url(endpoint, "s3", "POST", "/lake-of-ours?delete="),
        "delete_body": DELETE,
        "image": url("get_object", Key="pixel"),
        "script": url("get_object", Key="script"),
        "get": url("get_object", Key="kept"),
        "put": url("put_object", Key="kept"),
        "delete": url("delete_object", Key="kept"),
        "signed": {name: signed_headers(endpoint, *CALLS[name][:2], bodies[name]) for name in CALLS},
        "bodies": bodies,
        "other_scope": scope.format("dynamodb"),
    }


def page_that(script: str) -> str:
    return f"<!doctype html><meta charset=utf-8><body><script>{ATTACKS}\n{script}</script>"


def assert_nothing_changed(aws: Lake) -> None:
    s3 = aws.client("s3")
    keys = [found["Key"] for found in s3.list_objects_v2(Bucket="lake-of-ours")["Contents"]]
    assert keys == ["kept", "pixel", "script"]
    assert s3.get_object(Bucket="lake-of-ours", Key="kept")["Body"].read().decode() == SECRET
    assert inventory(aws) == aws.before


SEEN_OF_OPAQUE = {"loaded", "failed", "opaque", "true", "nothing", "timeout"}


@pytest.mark.parametrize(
    ("site", "target"),
    [(EVIL, "127.0.0.1"), (EVIL, "localhost"), ("localhost", "127.0.0.1"), ("127.0.0.1", "localhost")],
)
def test_a_page_of_another_site_changes_and_reads_nothing(
    chromium: str, lake: Lake, pages: Pages, tmp_path: Path, site: str, target: str
) -> None:
    plan = plan_for(f"http://{target}:{lake.settings.port}")
    pages.pages["/"] = page_that(f"attack({json.dumps(plan)}).then((seen) => {REPORT % 'seen'});")
    with opened(chromium, f"http://{site}:{pages.port}/", tmp_path / "profile"):
        seen = pages.report()
    assert set(seen.values()) <= SEEN_OF_OPAQUE, seen
    assert SECRET not in json.dumps(seen)
    assert seen["image of object"] == seen["script"] == "failed" or seen["script"] == "nothing"
    assert_nothing_changed(lake)


def test_a_sandboxed_frame_and_a_page_of_another_port_change_nothing(
    chromium: str, lake: Lake, pages: Pages, tmp_path: Path
) -> None:
    plan = plan_for(f"http://127.0.0.1:{lake.settings.port}")
    inner = f"attack({json.dumps(plan)}).then((seen) => parent.postMessage(seen, '*'));"
    pages.pages["/frame"] = page_that(inner)
    pages.pages["/"] = (
        "<!doctype html><body><script>window.onmessage = (message) => "
        f"{REPORT % 'message.data'}</script><iframe sandbox=allow-scripts src=/frame></iframe>"
    )
    with opened(chromium, f"http://127.0.0.1:{pages.port}/", tmp_path / "profile"):
        seen = pages.report()
    assert set(seen.values()) <= SEEN_OF_OPAQUE, seen
    assert_nothing_changed(lake)


def test_a_bucket_s_rules_let_a_page_in_as_on_s3(
    chromium: str, lake: Lake, pages: Pages, tmp_path: Path
) -> None:
    s3 = presigner(f"http://127.0.0.1:{lake.settings.port}")
    get = s3.generate_presigned_url("get_object", {"Bucket": "lake-for-pages", "Key": "shared"})
    put = s3.generate_presigned_url("put_object", {"Bucket": "lake-for-pages", "Key": "from-page"})
    remove = s3.generate_presigned_url("delete_object", {"Bucket": "lake-for-pages", "Key": "shared"})
    script = (
        f"(async () => {{ await attempt('get', () => read({json.dumps(get)}));"
        f"await attempt('put', () => read({json.dumps(put)}, {{method: 'PUT', body: 'by a page'}}));"
        f"await attempt('delete', () => read({json.dumps(remove)}, {{method: 'DELETE'}}));"
        f"{REPORT % 'seen'} }})();"
    )
    pages.pages["/"] = page_that(script)
    with opened(chromium, f"http://{EVIL}:{pages.port}/", tmp_path / "profile"):
        assert pages.report() == {"get": "shared", "put": "", "delete": "failed"}
    body = lake.client("s3").get_object(Bucket="lake-for-pages", Key="from-page")["Body"].read()
    assert body == b"by a page"


def test_a_name_that_is_made_to_mean_this_machine_shows_nothing(
    chromium: str, lake: Lake, tmp_path: Path
) -> None:
    s3 = presigner(f"http://{EVIL}:{lake.settings.port}")
    url = s3.generate_presigned_url("get_object", {"Bucket": "lake-of-ours", "Key": "kept"})
    document = shown(chromium, url, tmp_path / "profile")
    assert "LAGUNA_HOSTS" in document
    assert SECRET not in document


def test_a_presigned_url_that_a_person_opens_is_shown_and_its_scripts_are_not_at_home(
    chromium: str, lake: Lake, pages: Pages, tmp_path: Path
) -> None:
    endpoint = f"http://127.0.0.1:{lake.settings.port}"
    plan = plan_for(endpoint)
    report = f"fetch('http://127.0.0.1:{pages.port}/report', {{method: 'POST', mode: 'no-cors', body: %s}})"
    page = page_that(f"attack({json.dumps(plan)}).then((seen) => {report % 'JSON.stringify(seen)'});")
    lake.client("s3").put_object(Bucket="lake-for-pages", Key="page.html", Body=page, ContentType="text/html")
    url = presigner(endpoint).generate_presigned_url(
        "get_object", {"Bucket": "lake-for-pages", "Key": "page.html"}
    )
    with opened(chromium, url, tmp_path / "typed"):
        seen = pages.report()
    assert set(seen.values()) <= SEEN_OF_OPAQUE, seen
    assert_nothing_changed(lake)
    pages.pages["/"] = f"<a id=link href='{url.replace('&', '&amp;')}'>open</a><script>link.click()</script>"
    with opened(chromium, f"http://{EVIL}:{pages.port}/", tmp_path / "clicked"):
        assert pages.report().keys() == seen.keys()
