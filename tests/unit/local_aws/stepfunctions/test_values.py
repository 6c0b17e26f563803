from datetime import UTC, datetime, timedelta, timezone

from local_aws.stepfunctions.tasks.values import as_output, iso_8601, milliseconds

INSTANT = datetime(2026, 1, 31, 10, 0, 0, 250_000, tzinfo=UTC)


def test_optimised_integrations_give_times_in_milliseconds() -> None:
    answer = {"JobRun": {"StartedOn": INSTANT, "Attempts": [INSTANT], "Id": "jr_1", "DPU": 0.25}}
    expected = {
        "JobRun": {"StartedOn": 1769853600250, "Attempts": [1769853600250], "Id": "jr_1", "DPU": 0.25}
    }
    assert as_output(answer, milliseconds) == expected


def test_sdk_integrations_give_times_as_text_in_utc() -> None:
    bogota = timezone(timedelta(hours=-5))
    assert iso_8601(INSTANT.astimezone(bogota)) == "2026-01-31T10:00:00.250Z"
    assert iso_8601(INSTANT.replace(microsecond=0)) == "2026-01-31T10:00:00Z"


def test_bytes_become_text() -> None:
    assert as_output({"Body": "año".encode()}, iso_8601) == {"Body": "año"}
