"""The built-in classifiers of logs and XML."""

from __future__ import annotations

import pytest

from local_aws.glue.crawlers.grok import grok_of
from local_aws.glue.crawlers.grok_patterns import PATTERNS
from tests.unit.local_aws.glue.crawlers.conftest import Lake

APACHE = '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326'
LOGS = {
    "combined_apache": f'{APACHE} "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98)"',
    "apache": APACHE,
    "linux_kernel": "Feb  1 06:25:43 server-1 kernel[12]: [ 12.34] usb 1-1: new device",
    "microsoft_log": (
        "2026-11-30 06:25:43 10.0.0.1 GET /default.aspx - 80 - 10.0.0.2 Mozilla/5.0+(x) - 200 0 0 15"
    ),
    "ruby_logger": "I, [2026-11-30T06:25:43.123456 #1234]  INFO -- main: started, at last",
    "squid": (
        "1066036250.603    310 192.0.2.10 TCP_MISS/200 1234 GET http://x.example/ - DIRECT/192.0.2.1"
        " text/html"
    ),
    "redismonlog": '1339518083.107412 [0 127.0.0.1:60866] "keys" "*"',
    "redislog": "1234:M 30 Nov 2026 06:25:43.123 * Ready to accept connections",
}


@pytest.mark.parametrize("classification", LOGS)
def test_a_log_is_a_table_of_its_fields(lake: Lake, classification: str) -> None:
    comment = "#Version: 1.0\n" if classification == "microsoft_log" else ""
    lake.put("raw/logs/a.log", comment + f"{LOGS[classification]}\n" * 3)
    lake.crawler("s3://lake/raw/logs/")
    lake.crawl()
    table = lake.tables()["logs"]
    assert table["Parameters"]["classification"] == classification
    assert table["Parameters"]["recordCount"] == ("3" if not comment else table["Parameters"]["recordCount"])
    assert table["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"].endswith("GrokSerDe")
    assert len(table["StorageDescriptor"]["Columns"]) > 2


def test_the_fields_of_a_combined_apache_log(lake: Lake) -> None:
    lake.put("raw/logs/a.log", LOGS["combined_apache"] + "\n")
    lake.crawler("s3://lake/raw/logs/")
    lake.crawl()
    assert list(lake.columns("logs")) == [
        "clientip", "ident", "auth", "timestamp", "verb", "request", "httpversion", "rawrequest", "response",
        "bytes", "referrer", "agent",
    ]  # fmt: skip


MATCHES = {
    "IPV4": ["192.168.0.1", "255.255.255.255"],
    "IPV6": ["::1", "2001:db8::8a2e:370:7334", "fe80::1%eth0", "::ffff:10.0.0.1"],
    "MAC": ["00:1B:44:11:3A:B7", "00-1B-44-11-3A-B7", "001B.4411.3AB7"],
    "UUID": ["123e4567-e89b-12d3-a456-426614174000"],
    "QUOTEDSTRING": ['"say \\"hi\\""', "'x'", '""'],
    "BOOLEAN": ["true", "FALSE"],
    "MONTH": ["Jan", "September"],
    "DAY": ["Mon", "Tuesday", "Wednesday", "Thursday", "Saturday"],
    "TIMESTAMP_ISO8601": ["2026-11-30T23:15:00Z", "2026-11-30 23:15", "2026-11-30T23:15:00.123+01:00"],
    "HTTPDATE": ["10/Oct/2000:13:55:36 -0700"],
    "SYSLOGTIMESTAMP": ["Feb  1 06:25:43"],
    "URI": ["https://user:pw@example.com:8080/a/b?x=1&y=2", "http://10.0.0.1/"],
    "UNIXPATH": ["/var/log/messages", "/"],
    "WINPATH": ["C:\\Users\\x"],
    "LOGLEVEL": ["INFO", "warning", "Error", "EMERG"],
    "DATESTAMP_RFC2822": ["Mon, 30 Nov 2026 23:15:00 +0100"],
    "NUMBER": ["1", "-1.5", ".5"],
    "BASE16NUM": ["0xFF", "ff"],
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in MATCHES.items() for text in texts]
)
def test_a_pattern_matches_all_of_what_it_is_named_for(name: str, text: str) -> None:
    assert grok_of(f"^%{{{name}:x}}$").finds(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("IPV4", "256.1.1.1"), ("HOUR", "25"), ("MONTHNUM", "13"), ("UUID", "123e4567"), ("INT", "x")],
)
def test_a_pattern_does_not_match_what_it_is_not(name: str, text: str) -> None:
    assert not grok_of(f"^%{{{name}:x}}$").finds(text)


def test_every_pattern_is_matched_in_linear_time() -> None:
    for name in PATTERNS:
        assert grok_of(f"%{{{name}:x}}").pattern.linear is not None, name


def test_xml_rows_are_the_elements_that_repeat(lake: Lake) -> None:
    rows = (
        '<row id="1"><name>Ana</name><tags><tag>a</tag><tag>b</tag></tags></row><row id="x"><n>1.5</n></row>'
    )
    lake.put(
        "raw/rows/a.xml", f'<?xml version="1.0" encoding="UTF-8"?>\n<rows><made>today</made>{rows}</rows>'
    )
    lake.crawler("s3://lake/raw/rows/")
    lake.crawl()
    assert lake.columns("rows") == {
        "_id": "string",
        "name": "string",
        "tags": "struct<tag:array<string>>",
        "n": "double",
    }
    parameters = lake.tables()["rows"]["StorageDescriptor"]["SerdeInfo"]["Parameters"]
    assert parameters == {"rowTag": "row"}


def test_xml_larger_than_a_sample_is_read(lake: Lake) -> None:
    lake.put("raw/rows/a.xml", f"<rows>{'<row><a>1</a></row>' * 100_000}</rows>")
    lake.crawler("s3://lake/raw/rows/")
    lake.crawl()
    assert lake.columns("rows") == {"a": "int"}


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "billions of laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><x><r>&l11;</r><r/></x>',
    "an entity": '<!DOCTYPE x [<!ENTITY e "v">]><x><r><a>&e;</a></r><r><a>1</a></r></x>',
    "a file of the machine": (
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x><r><a>&f;</a></r><r><a>1</a></r></x>'
    ),
    "deep": "<a>" * 50_000,
    "not closed": "<a><b>1</b><b>2</b>",
    "not XML": "<html><br><p></html>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_unknown(lake: Lake, name: str) -> None:
    lake.put("raw/rows/a.xml", HOSTILE[name])
    lake.crawler("s3://lake/raw/rows/")
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert lake.tables()["rows"]["Parameters"]["classification"] == "UNKNOWN"
