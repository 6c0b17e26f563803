"""Classify logs, a record each line, by grok patterns: a custom classifier's, and those that Glue knows.

The built-in ones are in the order of https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html (November
2026), which names them and leaves their fields open; those of Apache and syslog are the documented patterns'.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from local_athena.errors import QueryFailed
from local_aws.glue.crawlers.classified import Classified, Format
from local_aws.glue.crawlers.grok import Grok, grok_of
from local_aws.glue.crawlers.hive_types import Column
from local_aws.glue.crawlers.sample import Sample

MOST_LINES = 1000
MOST_MISSES = 20
"""After so many lines at the start without a match, a file is none of this pattern."""
_BUILT_IN_SHARE = 0.7
_FIRST_LINES = 5


@dataclass(frozen=True, slots=True)
class GrokOptions:
    """A grok classifier."""

    classification: str
    pattern: str
    custom_patterns: str = ""
    comment: str = ""
    """What lines begin with that are no records."""


BUILT_IN = (
    GrokOptions("combined_apache", "%{COMBINEDAPACHELOG}"),
    GrokOptions("apache", "%{COMMONAPACHELOG}"),
    GrokOptions("linux_kernel", "^%{SYSLOGBASE} %{GREEDYDATA:message}$"),
    GrokOptions(
        "microsoft_log",
        "^%{TIMESTAMP_ISO8601:timestamp} %{IPORHOST:s_ip} %{WORD:cs_method} %{NOTSPACE:cs_uri_stem}"
        " %{NOTSPACE:cs_uri_query} %{NUMBER:s_port:int} %{NOTSPACE:cs_username} %{IPORHOST:c_ip}"
        " %{NOTSPACE:cs_user_agent} (?:%{NOTSPACE:cs_referer} )?%{NUMBER:sc_status:int}"
        " %{NUMBER:sc_substatus:int} %{NUMBER:sc_win32_status:long}(?: %{NUMBER:time_taken:long})?$",
        comment="#",
    ),
    GrokOptions(
        "ruby_logger",
        r"^[DIWEFA], \[%{TIMESTAMP_ISO8601:timestamp} #%{POSINT:pid:int}\] +%{LOGLEVELS:loglevel} --"
        r" (?:%{DATA:progname})?: %{GREEDYDATA:message}$",
        "LOGLEVELS DEBUG|INFO|WARN|ERROR|FATAL|ANY",
        comment="# Logfile",
    ),
    GrokOptions(
        "squid",
        "^%{NUMBER:timestamp:double} +%{INT:duration:int} %{IPORHOST:client_address}"
        " %{WORD:cache_result}/%{NONNEGINT:status_code:int} %{INT:bytes:long} %{WORD:request_method}"
        " %{NOTSPACE:url} %{NOTSPACE:user} %{WORD:hierarchy_code}/%{NOTSPACE:server}"
        " %{NOTSPACE:content_type}$",
    ),
    GrokOptions(
        "redismonlog",
        r'^%{NUMBER:timestamp:double} \[%{INT:database:int} %{NOTSPACE:client}\] "%{WORD:command}"'
        r" ?%{GREEDYDATA:params}$",
    ),
    GrokOptions(
        "redislog",
        r"^(?:\[%{POSINT:pid}\]|%{POSINT:pid}:[XCSM]) %{MONTHDAY} %{MONTH} (?:%{YEAR} )?%{TIME:time}"
        r" %{LEVEL:level} %{GREEDYDATA:message}$",
        "LEVEL [.*#-]",
    ),
)


def classify_logs(sample: Sample) -> Classified | None:
    """What a file is when most of its lines are those of a log that Glue knows."""
    beginning = _lines(sample, "#", _FIRST_LINES)
    if not any(_any_log().finds(line) for line in beginning):
        return None
    for options in BUILT_IN:
        found = classify_grok(sample, options)
        if found and found.certainty >= _BUILT_IN_SHARE:
            return found
    return None


@cache
def _any_log() -> Grok:
    """All logs in one pattern: most files are none, and are asked once."""
    custom = "\n".join(options.custom_patterns for options in BUILT_IN)
    return grok_of("|".join(f"(?:{options.pattern})" for options in BUILT_IN), custom)


def classify_grok(sample: Sample, options: GrokOptions) -> Classified | None:
    """What a file is when a pattern is in some of its lines; how many of them is how certain that is."""
    grok = grok_of(options.pattern, options.custom_patterns)
    lines = _lines(sample, options.comment)
    matched = _matched(grok, lines)
    if not matched:
        return None
    size = len("\n".join(lines).encode()) + 1
    custom = {"input.grokCustomPatterns": options.custom_patterns} if options.custom_patterns else {}
    form = Format(
        options.classification,
        sample.compression,
        reader="grok",
        properties=tuple({"input.format": options.pattern, **custom}.items()),
    )
    columns = tuple(Column(name, kind) for name, kind in grok.columns)
    return Classified(form, columns, size / len(lines), matched / len(lines))


def _lines(sample: Sample, comment: str, most: int = MOST_LINES) -> list[str]:
    """The first lines that may be records; a sample's last one may be cut."""
    text = sample.text() or ""
    # A pattern is of one line; only \n and \r end one.
    lines = text.replace("\r", "\n").split("\n", 4 * most + 1)[: 4 * most]
    if not sample.complete and len(lines) < 4 * most:
        lines = lines[:-1]
    wanted = [line for line in lines if line.strip() and not (comment and line.startswith(comment))]
    return wanted[:most]


def _matched(grok: Grok, lines: list[str]) -> int:
    """How many lines match; none when one takes longer than it may."""
    try:
        return _count(grok, lines)
    except QueryFailed:
        return 0


def _count(grok: Grok, lines: list[str]) -> int:
    count = 0
    for number, line in enumerate(lines):
        if not count and number >= MOST_MISSES:
            return 0
        count += grok.finds(line)
    return count
