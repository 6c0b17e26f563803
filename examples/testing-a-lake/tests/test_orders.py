import pytest
from shop.lake import JobFailed

ORDERS = """id,customer,amount
1, Ana ,10.50
2,Luis,20.00
2,Luis,20.00
3,Ana,not a number
4,Ana,5.25
"""


def test_a_lake_without_orders_has_no_customers(shop_lake):
    assert shop_lake.top_customers() == []


def test_orders_are_cleaned_and_summed(shop_lake):
    shop_lake.load("2026-11-21.csv", ORDERS)
    shop_lake.clean()
    assert shop_lake.top_customers() == [("Luis", "20.00"), ("Ana", "15.75")]


def test_what_another_test_loaded_is_not_there(shop_lake, laguna_client):
    listed = laguna_client("s3").list_objects_v2(Bucket=shop_lake.bucket)
    assert [item["Key"] for item in listed["Contents"] if item["Key"].startswith(("raw/", "clean/"))] == []


def test_cleaning_before_anything_was_loaded_says_what_is_missing(shop_lake):
    with pytest.raises(JobFailed, match="PATH_NOT_FOUND"):
        shop_lake.clean()
