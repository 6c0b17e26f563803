"""URLs against the answers of a real Trino 435, which reads them with java.net.URI."""

from __future__ import annotations

import pytest

from local_athena.errors import QueryFailed
from local_athena.values import urls

ANSWERS = [
    ("https://my_bucket.s3.amazonaws.com/k", ["https", "", None, "/k", "", "", None]),
    (
        "http://user:pw@host.com:8080/p%20a/th;x=1?q=1&r=a%20b+c&q=2#frag%20x",
        ["http", "host.com", 8080, "/p a/th;x=1", "q=1&r=a b+c&q=2", "frag x", None],
    ),
    ("http://host", ["http", "host", None, "", "", "", None]),
    ("http://host:80", ["http", "host", 80, "", "", "", None]),
    ("http://host:", ["http", "host", None, "", "", "", None]),
    ("http://host:abc/x", ["http", "", None, "/x", "", "", None]),
    ("http://host:99999999999/x", ["http", "", None, "/x", "", "", None]),
    ("//host/path", ["", "host", None, "/path", "", "", None]),
    ("/path?q=1", ["", "", None, "/path", "q=1", "", None]),
    ("path", ["", "", None, "path", "", "", None]),
    ("", ["", "", None, "", "", "", None]),
    ("mailto:a@b.c", ["mailto", "", None, "", "", "", None]),
    ("urn:x:y?q=1#f", ["urn", "", None, "", "", "f", None]),
    ("http:", [None, None, None, None, None, None, None]),
    ("http:/", ["http", "", None, "/", "", "", None]),
    ("http://", [None, None, None, None, None, None, None]),
    ("http:///p", ["http", "", None, "/p", "", "", None]),
    ("http://[::1]:80/x", ["http", "[::1]", 80, "/x", "", "", None]),
    ("http://[::1/x", [None, None, None, None, None, None, None]),
    ("http://[fe80::1%25en0]/", ["http", "[fe80::1%25en0]", None, "/", "", "", None]),
    ("http://[::g]/", [None, None, None, None, None, None, None]),
    ("http://1.2.3.4/x", ["http", "1.2.3.4", None, "/x", "", "", None]),
    ("http://256.1.1.1/x", ["http", "", None, "/x", "", "", None]),
    ("http://a..b/x", ["http", "", None, "/x", "", "", None]),
    ("http://-a.com/", ["http", "", None, "/", "", "", None]),
    ("http://a-.com/", ["http", "", None, "/", "", "", None]),
    ("http://a.com./", ["http", "a.com.", None, "/", "", "", None]),
    ("http://a_b:80/x", ["http", "", None, "/x", "", "", None]),
    ("http://user@a_b:80/x", ["http", "", None, "/x", "", "", None]),
    ("http://é.com/ü?ß#ñ", ["http", "", None, "/ü", "ß", "ñ", None]),
    ("http://a.com/ b", [None, None, None, None, None, None, None]),
    ("http://a.com/%", [None, None, None, None, None, None, None]),
    ("http://a.com/%zz", [None, None, None, None, None, None, None]),
    ("http://a.com/%c3%a9", ["http", "a.com", None, "/é", "", "", None]),
    ("http://a.com/%ff", ["http", "a.com", None, "/�", "", "", None]),
    ("http://a.com/a|b", [None, None, None, None, None, None, None]),
    ('http://a.com/a"b', [None, None, None, None, None, None, None]),
    ("http://a.com/<x>", [None, None, None, None, None, None, None]),
    ("http://a.com/[x]", [None, None, None, None, None, None, None]),
    ("http://a.com/?[x]", ["http", "a.com", None, "/", "[x]", "", None]),
    ("http://a.com/#[x]", ["http", "a.com", None, "/", "", "[x]", None]),
    ("http://a.com/?a=b=c&d", ["http", "a.com", None, "/", "a=b=c&d", "", "b=c"]),
    ("http://a.com/?a&b=&=c", ["http", "a.com", None, "/", "a&b=&=c", "", ""]),
    ("http://a.com/?a=%26&b", ["http", "a.com", None, "/", "a=&&b", "", "&"]),
    ("http://a.com/?a=1;b=2", ["http", "a.com", None, "/", "a=1;b=2", "", "1;b=2"]),
    ("http://a.com?x", ["http", "a.com", None, "", "x", "", None]),
    ("http://a.com#f", ["http", "a.com", None, "", "", "f", None]),
    ("http://a.com/#a#b", [None, None, None, None, None, None, None]),
    ("HTTP://A.com/", ["HTTP", "A.com", None, "/", "", "", None]),
    ("1http://a.com", [None, None, None, None, None, None, None]),
    ("a+b-c.1://x/y", ["a+b-c.1", "x", None, "/y", "", "", None]),
    ("a_b://x/y", [None, None, None, None, None, None, None]),
    ("http://a.com/\\x", [None, None, None, None, None, None, None]),
    ("http://a.com/^", [None, None, None, None, None, None, None]),
    ("http://a.com/`", [None, None, None, None, None, None, None]),
    ("http://a.com/{x}", [None, None, None, None, None, None, None]),
    ("http://a.com/\xa0", [None, None, None, None, None, None, None]),
    ("http://a.com/\u2028", [None, None, None, None, None, None, None]),
    ("http://a.com/\x7f", [None, None, None, None, None, None, None]),
    ("http://a.com/\x01", [None, None, None, None, None, None, None]),
    ("http://a.com/😀", ["http", "a.com", None, "/😀", "", "", None]),
    ("http://user:pw@/p", ["http", "", None, "/p", "", "", None]),
    ("http://@a.com/", ["http", "a.com", None, "/", "", "", None]),
    ("http://a@b@c/", ["http", "", None, "/", "", "", None]),
    ("http://a.com:80:90/", ["http", "", None, "/", "", "", None]),
    ("http://a.com:/x", ["http", "a.com", None, "/x", "", "", None]),
    ("http://1.2.3/x", ["http", "", None, "/x", "", "", None]),
    ("http://a.1/x", ["http", "", None, "/x", "", "", None]),
    ("http://a.1b/x", ["http", "", None, "/x", "", "", None]),
    ("http://1a/x", ["http", "1a", None, "/x", "", "", None]),
    ("http://0x7f.1/", ["http", "", None, "/", "", "", None]),
    ("file:///etc/passwd", ["file", "", None, "/etc/passwd", "", "", None]),
    ("jdbc:mysql://h/x", ["jdbc", "", None, "", "", "", None]),
    ("a:b", ["a", "", None, "", "", "", None]),
    ("a:/b?c#d", ["a", "", None, "/b", "c", "d", None]),
    ("?q=1", ["", "", None, "", "q=1", "", None]),
    ("#f", ["", "", None, "", "", "f", None]),
    ("?a=1&b=2", ["", "", None, "", "a=1&b=2", "", "1"]),
    ("//", [None, None, None, None, None, None, None]),
    ("///p", ["", "", None, "/p", "", "", None]),
    ("a.com/x", ["", "", None, "a.com/x", "", "", None]),
    ("a.com:80/x", ["a.com", "", None, "", "", "", None]),
    ("localhost:80", ["localhost", "", None, "", "", "", None]),
    (
        "http://a.com/a;b,c/d!$&'()*+,;=:@~-._",
        ["http", "a.com", None, "/a;b,c/d!$&'()*+,;=:@~-._", "", "", None],
    ),
    ("http://a.com/?a=1+2&b=%2B", ["http", "a.com", None, "/", "a=1+2&b=+", "", "1 2"]),
    ("ftp://a.com/x", ["ftp", "a.com", None, "/x", "", "", None]),
    ("http://a.com/?a=é", ["http", "a.com", None, "/", "a=é", "", "é"]),
    ("http://a,b/", ["http", "", None, "/", "", "", None]),
    ("http://a;b/", ["http", "", None, "/", "", "", None]),
    ("http://a%20b/", ["http", "", None, "/", "", "", None]),
    ("http://$a/", ["http", "", None, "/", "", "", None]),
    ("http://a!b:80/x", ["http", "", None, "/x", "", "", None]),
    ("http://[::1]", ["http", "[::1]", None, "", "", "", None]),
    ("http://[1:2:3:4:5:6:7:8]:1/", ["http", "[1:2:3:4:5:6:7:8]", 1, "/", "", "", None]),
    ("http://[v1.a]/", [None, None, None, None, None, None, None]),
    ("http://a.com/?", ["http", "a.com", None, "/", "", "", None]),
    ("http://a.com/#", ["http", "a.com", None, "/", "", "", None]),
    ("http://a/?x=1&x", ["http", "a", None, "/", "x=1&x", "", None]),
    ("http://a/?%61=1", ["http", "a", None, "/", "a=1", "", None]),
    ("http://a/?a=%zz", [None, None, None, None, None, None, None]),
    (" http://a", [None, None, None, None, None, None, None]),
    ("http://a ", [None, None, None, None, None, None, None]),
]
"""A URL, its protocol, host, port, path, query, fragment, and its parameter `a`."""


@pytest.mark.parametrize(("url", "parts"), ANSWERS)
def test_a_url_has_the_parts_that_java_reads(url: str, parts: list[str | int | None]) -> None:
    protocol, host, path, query, fragment = (
        urls.url_part(part)(url) for part in ("protocol", "host", "path", "query", "fragment")
    )
    assert [protocol, host, urls.url_port(url), path, query, fragment, urls.url_parameter(url, "a")] == parts


@pytest.mark.parametrize(
    ("text", "reason"),
    [("%2", "Incomplete trailing escape"), ("%zz", 'Error at index 0 in: "zz"')],
)
def test_a_text_that_is_not_encoded_well_is_refused(text: str, reason: str) -> None:
    with pytest.raises(QueryFailed, match=reason):
        urls.url_decode(text)


def test_what_is_no_utf8_is_decoded_to_the_replacement_character() -> None:
    assert urls.url_decode("%ff+a") == "\ufffd a"
