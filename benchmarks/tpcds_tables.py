"""The tables of TPC-DS that query 64 reads, with all their columns, as the Glue catalog has them.

https://www.tpc.org/tpc_documents_current_versions/pdf/tpc-ds_v3.2.0.pdf, chapter 2
"""

from __future__ import annotations

from typing import Any

PREFIXES = {
    "store_sales": "ss", "store_returns": "sr", "catalog_sales": "cs", "catalog_returns": "cr",
    "date_dim": "d", "store": "s", "customer": "c", "customer_demographics": "cd", "promotion": "p",
    "household_demographics": "hd", "customer_address": "ca", "income_band": "ib", "item": "i",
}  # fmt: skip
"""What the names of a table's columns begin with."""

COLUMNS = {
    "store_sales": """sold_date_sk sold_time_sk item_sk customer_sk cdemo_sk hdemo_sk addr_sk store_sk
        promo_sk ticket_number quantity wholesale_cost:m list_price:m sales_price:m ext_discount_amt:m
        ext_sales_price:m ext_wholesale_cost:m ext_list_price:m ext_tax:m coupon_amt:m net_paid:m
        net_paid_inc_tax:m net_profit:m""",
    "store_returns": """returned_date_sk return_time_sk item_sk customer_sk cdemo_sk hdemo_sk addr_sk store_sk
        reason_sk ticket_number return_quantity return_amt:m return_tax:m return_amt_inc_tax:m fee:m
        return_ship_cost:m refunded_cash:m reversed_charge:m store_credit:m net_loss:m""",
    "catalog_sales": """sold_date_sk sold_time_sk ship_date_sk bill_customer_sk bill_cdemo_sk bill_hdemo_sk
        bill_addr_sk ship_customer_sk ship_cdemo_sk ship_hdemo_sk ship_addr_sk call_center_sk catalog_page_sk
        ship_mode_sk warehouse_sk item_sk promo_sk order_number quantity wholesale_cost:m list_price:m
        sales_price:m ext_discount_amt:m ext_sales_price:m ext_wholesale_cost:m ext_list_price:m ext_tax:m
        coupon_amt:m ext_ship_cost:m net_paid:m net_paid_inc_tax:m net_paid_inc_ship:m net_paid_inc_ship_tax:m
        net_profit:m""",
    "catalog_returns": """returned_date_sk returned_time_sk item_sk refunded_customer_sk refunded_cdemo_sk
        refunded_hdemo_sk refunded_addr_sk returning_customer_sk returning_cdemo_sk returning_hdemo_sk
        returning_addr_sk call_center_sk catalog_page_sk ship_mode_sk warehouse_sk reason_sk order_number
        return_quantity return_amount:m return_tax:m return_amt_inc_tax:m fee:m return_ship_cost:m
        refunded_cash:m reversed_charge:m store_credit:m net_loss:m""",
    "date_dim": """date_sk date_id:16 date:d month_seq week_seq quarter_seq year dow moy dom qoy fy_year
        fy_quarter_seq fy_week_seq day_name:9 quarter_name:6 holiday:1 weekend:1 following_holiday:1 first_dom
        last_dom same_day_ly same_day_lq current_day:1 current_week:1 current_month:1 current_quarter:1
        current_year:1""",
    "store": """store_sk store_id:16 rec_start_date:d rec_end_date:d closed_date_sk store_name:50
        number_employees floor_space hours:20 manager:40 market_id geography_class:100 market_desc:100
        market_manager:40 division_id division_name:50 company_id company_name:50 street_number:10
        street_name:60 street_type:15 suite_number:10 city:60 county:30 state:2 zip:10 country:20 gmt_offset:m
        tax_percentage:m""",
    "customer": """customer_sk customer_id:16 current_cdemo_sk current_hdemo_sk current_addr_sk
        first_shipto_date_sk first_sales_date_sk salutation:10 first_name:20 last_name:30
        preferred_cust_flag:1 birth_day birth_month birth_year birth_country:20 login:13 email_address:50
        last_review_date_sk""",
    "customer_demographics": """demo_sk gender:1 marital_status:1 education_status:20 purchase_estimate
        credit_rating:10 dep_count dep_employed_count dep_college_count""",
    "promotion": """promo_sk promo_id:16 start_date_sk end_date_sk item_sk cost:m response_target
        promo_name:50 channel_dmail:1 channel_email:1 channel_catalog:1 channel_tv:1 channel_radio:1
        channel_press:1 channel_event:1 channel_demo:1 channel_details:100 purpose:15 discount_active:1""",
    "household_demographics": "demo_sk income_band_sk buy_potential:15 dep_count vehicle_count",
    "customer_address": """address_sk address_id:16 street_number:10 street_name:60 street_type:15
        suite_number:10 city:60 county:30 state:2 zip:10 country:20 gmt_offset:m location_type:20""",
    "income_band": "income_band_sk lower_bound upper_bound",
    "item": """item_sk item_id:16 rec_start_date:d rec_end_date:d item_desc:200 current_price:m
        wholesale_cost:m brand_id brand:50 class_id class:50 category_id category:50 manufact_id manufact:50
        size:20 formulation:20 color:20 units:10 container:10 manager_id product_name:50""",
}
"""`name:type`: `m` is money, `d` a date, a number a text of that length; an integer where nothing is said."""
TYPES = {"": "int", "m": "decimal(7,2)", "d": "date"}
SERDE = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"


def table(name: str) -> dict[str, Any]:
    """A table as GetTable gives it."""
    columns = []
    for entry in COLUMNS[name].split():
        column, _, kind = entry.partition(":")
        columns.append({"Name": f"{PREFIXES[name]}_{column}", "Type": TYPES.get(kind) or f"varchar({kind})"})
    return {
        "DatabaseName": "tpcds", "Name": name, "TableType": "EXTERNAL_TABLE", "PartitionKeys": [],
        "StorageDescriptor": {
            "Columns": columns, "Location": f"s3://bench/{name}/",
            "SerdeInfo": {"SerializationLibrary": SERDE},
        },
    }  # fmt: skip
