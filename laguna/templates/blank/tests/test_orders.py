"""The transform alone, on a Spark of this process."""

from decimal import Decimal

from lake.transforms.orders import clean


def test_an_order_is_cleaned(laguna_spark):
    raw = laguna_spark.createDataFrame(
        [
            (" 7 ", "ana RUIZ", "$1,250.00"),
            (" 7 ", "ana RUIZ", "$1,250.00"),
            ("8", "x", "n/a"),
            ("", "y", "1"),
        ],
        "order_id string, customer string, amount string",
    )
    assert [tuple(row) for row in clean(raw).collect()] == [("7", "Ana Ruiz", Decimal("1250.00"))]
