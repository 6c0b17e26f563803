"""The whole lake on a local AWS: its template, its job, its state machine, its SQL."""

from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "samples"


def test_what_is_loaded_is_answered(lake):
    lake.ingest(SAMPLES)
    lake.run()
    sql = "SELECT dt, count(*), sum(amount) FROM orders GROUP BY dt ORDER BY dt"
    assert lake.query(sql) == [("2026-01-31", 2, "1330.50"), ("2026-02-01", 2, "119.99")]
