"""A crawl from objects to tables, and what a later crawl changes."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError

from local_aws.glue.crawlers import crawl as crawl_module
from local_aws.glue.crawlers.target import objects_of
from tests.unit.local_aws.glue.crawlers.conftest import Lake, open_lake

SAMPLES = Path(__file__).parents[5] / "sample_csv"
SALES = "id,city,kwh\n1,Cali,1.5\n2,Neiva,2\n"
CLIENTS = "client,name,since,active\nc1,Ana,2025-01-01,true\nc2,Eva,2025-01-02,false\n"


def put_samples(lake: Lake) -> None:
    for path in sorted(SAMPLES.rglob("*.csv")):
        year, month, day = path.parent.name.split("-")
        table = path.stem.partition("_")[0]
        lake.put(f"raw/{table}/year={year}/month={month}/day={day}/{path.name}", path.read_bytes())


def test_the_raw_zone_of_the_lake_becomes_three_partitioned_tables(lake: Lake) -> None:
    put_samples(lake)
    lake.crawler()
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert sorted(lake.tables()) == ["clientes", "proveedores", "transacciones"]
    for table in lake.tables():
        assert lake.keys(table) == ["year", "month", "day"]
        assert sorted(lake.partitions(table)) == [("2025", "07", day) for day in ("25", "26", "27")]
    assert list(lake.columns("transacciones"))[:3] == [
        "transaccion_id",
        "tipo_transaccion",
        "id_cliente_proveedor",
    ]


def test_a_first_load_of_one_table_only_is_named_after_its_folder(lake: Lake) -> None:
    lake.put("raw/sales/year=2025/month=07/day=25/a.csv", SALES)
    lake.crawler()
    lake.crawl()
    assert lake.keys("sales") == ["year", "month", "day"]
    assert lake.tables()["sales"]["StorageDescriptor"]["Location"] == "s3://lake/raw/sales/"


def test_a_csv_table_is_written_as_glue_writes_it(lake: Lake) -> None:
    lake.put("raw/sales/year=2025/a.csv", SALES)
    lake.crawler()
    lake.crawl()
    table = lake.tables()["sales"]
    assert (table["TableType"], table["Owner"], table["Retention"]) == ("EXTERNAL_TABLE", "owner", 0)
    parameters = table["Parameters"]
    assert parameters["sizeKey"] == str(len(SALES))
    del parameters["sizeKey"], parameters["recordCount"], parameters["averageRecordSize"]
    del parameters["CRAWL_RUN_ID"]
    assert parameters == {
        "CrawlerSchemaDeserializerVersion": "1.0",
        "CrawlerSchemaSerializerVersion": "1.0",
        "UPDATED_BY_CRAWLER": "raw",
        "areColumnsQuoted": "false",
        "classification": "csv",
        "columnsOrdered": "true",
        "compressionType": "none",
        "delimiter": ",",
        "objectCount": "1",
        "partition_filtering.enabled": "true",
        "skip.header.line.count": "1",
        "typeOfData": "file",
    }
    descriptor = table["StorageDescriptor"]
    assert descriptor["InputFormat"] == "org.apache.hadoop.mapred.TextInputFormat"
    assert descriptor["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        "Parameters": {"field.delim": ","},
    }
    assert lake.columns("sales") == {"id": "bigint", "city": "string", "kwh": "double"}
    partition = lake.partitions("sales")["2025",]
    assert partition["StorageDescriptor"]["Location"] == "s3://lake/raw/sales/year=2025/"
    assert partition["StorageDescriptor"]["Columns"] == descriptor["Columns"]


def test_json_and_parquet_tables(lake: Lake, tmp_path: Path) -> None:
    lake.put(
        "raw/events/a.json", '{"Id": 1, "tags": ["a"], "at": {"lat": 1.5}}\n{"Id": 2, "n": 3000000000}\n'
    )
    schema = pa.schema([("Id", pa.int32()), ("amount", pa.decimal128(18, 2)), ("day", pa.date32())])
    pq.write_table(schema.empty_table(), tmp_path / "x.parquet")
    lake.put("raw/facts/x.parquet", (tmp_path / "x.parquet").read_bytes())
    lake.crawler()
    lake.crawl()
    assert lake.columns("events") == {
        "id": "int",
        "tags": "array<string>",
        "at": "struct<lat:double>",
        "n": "bigint",
    }
    serde = lake.tables()["events"]["StorageDescriptor"]["SerdeInfo"]
    assert serde["SerializationLibrary"] == "org.openx.data.jsonserde.JsonSerDe"
    assert serde["Parameters"] == {"paths": "Id,at,n,tags"}
    assert lake.columns("facts") == {"id": "int", "amount": "decimal(18,2)", "day": "date"}
    assert lake.tables()["facts"]["Parameters"]["classification"] == "parquet"


def test_dirty_files_do_not_make_tables_of_their_own(lake: Lake) -> None:
    rows = "id;city;kwh\n3;Bogotá;2,5\n4;Cali;1\n"
    lake.put("raw/sales/day=1/a.csv", SALES)
    lake.put("raw/sales/day=1/semicolons.csv", rows.encode("latin-1"))
    lake.put("raw/sales/day=1/noise.csv", bytes(range(256)) * 10)
    lake.put("raw/sales/day=1/empty.csv", b"")
    lake.put("raw/sales/day=2/bom.csv", b"\xef\xbb\xbf" + SALES.encode())
    lake.put("raw/sales/day=2/extra.csv", "id,city,kwh,note\n5,Cali,1,x\n")
    lake.put("raw/sales/day=3/noise_only.csv", b"\x00\xff" * 100)
    lake.put("raw/sales/_SUCCESS", "x")
    lake.put("raw/sales/day=1/.hidden.csv", "a,b\n1,2\n")
    lake.crawler()
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert list(lake.tables()) == ["sales"]
    assert list(lake.columns("sales")) == ["id", "city", "kwh", "note"]
    assert lake.columns("sales")["kwh"] == "string"
    assert sorted(lake.partitions("sales")) == [("1",), ("2",), ("3",)]
    assert any("No classifier knows s3://lake/raw/sales/day=1/noise.csv" in line for line in lake.log)


def test_gzipped_text_is_read(lake: Lake) -> None:
    lake.put("raw/sales/a.csv.gz", gzip.compress(SALES.encode()))
    lake.put("raw/sales/truncated.csv.gz", gzip.compress(SALES.encode())[:-9])
    lake.crawler("s3://lake/raw/sales")
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert lake.columns("sales") == {"id": "bigint", "city": "string", "kwh": "double"}
    assert lake.tables()["sales"]["Parameters"]["compressionType"] == "gzip"


def test_names_are_made_valid_and_prefixed(lake: Lake) -> None:
    lake.put("raw/Ventas 2025-Q1/a.csv", SALES)
    lake.crawler(TablePrefix="bi_")
    lake.crawl()
    assert list(lake.tables()) == ["bi_ventas_2025_q1"]


def test_a_name_that_is_taken_elsewhere_gets_a_suffix(lake: Lake) -> None:
    lake.put("a/sales/x.csv", SALES)
    lake.put("b/sales/x.csv", CLIENTS)
    lake.crawler(Targets={"S3Targets": [{"Path": "s3://lake/a/"}, {"Path": "s3://lake/b/"}]})
    lake.crawl()
    lake.crawl()
    first, second = sorted(lake.tables())
    assert first == "sales"
    assert second.startswith("sales_")
    assert lake.tables()[second]["StorageDescriptor"]["Location"] == "s3://lake/b/sales/"


def test_a_second_crawl_of_the_same_data_changes_nothing(lake: Lake) -> None:
    put_samples(lake)
    lake.crawler()
    lake.crawl()
    before = lake.tables()
    partitions = {name: lake.partitions(name) for name in before}
    lake.crawl()
    assert lake.tables() == before
    assert {name: lake.partitions(name) for name in before} == partitions
    assert lake.glue.list_crawls(CrawlerName="raw")["Crawls"][0].get("Summary") is None


def test_a_new_load_adds_one_partition_and_keeps_what_people_added(lake: Lake) -> None:
    lake.put("raw/sales/day=1/a.csv", SALES)
    lake.crawler()
    lake.crawl()
    table = lake.tables()["sales"]
    table["StorageDescriptor"]["Columns"][0]["Comment"] = "the id"
    given = {name: table[name] for name in ("Name", "StorageDescriptor", "PartitionKeys", "TableType")}
    parameters = {**table["Parameters"], "owner.team": "energy"}
    glue_input = {**given, "Parameters": parameters, "Description": "sales of energy"}
    lake.glue.update_table(DatabaseName="db", TableInput=glue_input)
    lake.put("raw/sales/day=2/a.csv", SALES)
    lake.crawl()
    table = lake.tables()["sales"]
    assert sorted(lake.partitions("sales")) == [("1",), ("2",)]
    assert table["Description"] == "sales of energy"
    assert table["Parameters"]["owner.team"] == "energy"
    assert table["Parameters"]["objectCount"] == "2"
    assert table["StorageDescriptor"]["Columns"][0]["Comment"] == "the id"
    crawls = lake.glue.list_crawls(CrawlerName="raw")["Crawls"]
    assert '"PARTITION": {"ADD": 1}' in crawls[0]["Summary"]


def test_a_new_column_updates_the_table_and_keeps_the_old_version(lake: Lake) -> None:
    lake.put("raw/sales/a.csv", SALES)
    lake.crawler("s3://lake/raw/sales/")
    lake.crawl()
    lake.put("raw/sales/a.csv", "id,city,kwh,price\n1,Cali,1.5,10\n")
    lake.crawl()
    assert list(lake.columns("sales")) == ["id", "city", "kwh", "price"]
    versions = lake.glue.get_table_versions(DatabaseName="db", TableName="sales")["TableVersions"]
    assert [len(one["Table"]["StorageDescriptor"]["Columns"]) for one in versions] == [4, 3]


def test_merging_new_columns_never_removes_or_changes_one(lake: Lake) -> None:
    lake.put("raw/sales/a.csv", SALES)
    configuration = (
        '{"Version": 1.0, "CrawlerOutput": {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}}'
    )
    lake.crawler("s3://lake/raw/sales/", Configuration=configuration)
    lake.crawl()
    lake.put("raw/sales/a.csv", "id,city,price\nx,Cali,1.5\n")
    lake.crawl()
    assert lake.columns("sales") == {"id": "bigint", "city": "string", "kwh": "double", "price": "double"}


def test_with_the_log_policy_the_schema_stays_and_partitions_are_still_added(lake: Lake) -> None:
    lake.put("raw/sales/day=1/a.csv", SALES)
    lake.crawler(SchemaChangePolicy={"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"})
    lake.crawl()
    lake.put("raw/sales/day=2/a.csv", "id,city,kwh,price\n1,Cali,1.5,10\n")
    lake.crawl()
    assert list(lake.columns("sales")) == ["id", "city", "kwh"]
    assert sorted(lake.partitions("sales")) == [("1",), ("2",)]
    assert any("The schema of table sales changed" in line for line in lake.log)


def test_partitions_inherit_from_the_table_when_asked(lake: Lake) -> None:
    lake.put("raw/sales/day=1/a.csv", SALES)
    lake.put("raw/sales/day=2/a.csv", "id,city,kwh\nx,Cali,many\n9,Cali,1\n")
    configuration = (
        '{"Version": 1.0, "CrawlerOutput": {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}}}'
    )
    lake.crawler(Configuration=configuration)
    lake.crawl()
    columns = lake.tables()["sales"]["StorageDescriptor"]["Columns"]
    assert columns == [{"Name": n, "Type": "string"} for n in ("id", "city", "kwh")]
    for partition in lake.partitions("sales").values():
        assert partition["StorageDescriptor"]["Columns"] == columns


@pytest.mark.parametrize(
    ("behavior", "tables", "partitions"),
    [
        ("DELETE_FROM_DATABASE", ["sales"], [("2",)]),
        ("DEPRECATE_IN_DATABASE", ["clients", "sales"], [("1",), ("2",)]),
        ("LOG", ["clients", "sales"], [("1",), ("2",)]),
    ],
)
def test_what_is_gone_is_treated_by_the_delete_behavior(
    lake: Lake, behavior: str, tables: list[str], partitions: list[tuple[str]]
) -> None:
    for key, text in (("sales/day=1", SALES), ("sales/day=2", SALES), ("clients/day=1", CLIENTS)):
        lake.put(f"raw/{key}/a.csv", text)
    lake.crawler(SchemaChangePolicy={"DeleteBehavior": behavior})
    lake.crawl()
    lake.store.delete_prefix("lake", "raw/clients/")
    lake.store.delete_prefix("lake", "raw/sales/day=1/")
    for _ in range(2):
        assert lake.crawl()["Status"] == "SUCCEEDED"
    assert sorted(lake.tables()) == tables
    assert sorted(lake.partitions("sales")) == partitions
    if behavior == "DEPRECATE_IN_DATABASE":
        assert lake.tables()["clients"]["Parameters"]["DEPRECATED_BY_CRAWLER"].isdigit()
        assert "DEPRECATED_BY_CRAWLER" in lake.partitions("sales")["1",]["Parameters"]
        assert "DEPRECATED_BY_CRAWLER" not in lake.partitions("sales")["2",]["Parameters"]


def test_tables_of_others_are_left_alone(lake: Lake) -> None:
    lake.glue.create_database(DatabaseInput={"Name": "db"})
    descriptor = {"Columns": [], "Location": "s3://lake/raw/old/"}
    lake.glue.create_table(DatabaseName="db", TableInput={"Name": "old", "StorageDescriptor": descriptor})
    lake.put("raw/sales/a.csv", SALES)
    lake.crawler(SchemaChangePolicy={"DeleteBehavior": "DELETE_FROM_DATABASE"})
    lake.crawl()
    assert sorted(lake.tables()) == ["old", "sales"]


def test_a_crawler_of_new_folders_reads_no_folder_twice(lake: Lake) -> None:
    lake.put("raw/sales/day=1/a.csv", SALES)
    log = {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}
    lake.crawler(RecrawlPolicy={"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}, SchemaChangePolicy=log)
    lake.crawl()
    lake.put("raw/sales/day=1/a.csv", CLIENTS)
    lake.put("raw/sales/day=2/a.csv", SALES)
    lake.put("raw/clients/day=2/a.csv", CLIENTS)
    lake.crawl()
    assert sorted(lake.partitions("sales")) == [("1",), ("2",)]
    assert lake.columns("sales") == {"id": "bigint", "city": "string", "kwh": "double"}
    assert lake.keys("clients") == ["day"]
    policy = lake.glue.get_crawler(Name="raw")["Crawler"]["SchemaChangePolicy"]
    assert policy == {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}


def test_exclusions_leave_objects_out(lake: Lake) -> None:
    lake.put("raw/sales/a.csv", SALES)
    lake.put("raw/clients/a.csv", CLIENTS)
    lake.put("raw/clients/deep/b.csv", CLIENTS)
    lake.crawler(target={"Exclusions": ["clients/**"]})
    lake.crawl()
    assert list(lake.tables()) == ["sales"]


def test_catalog_targets_bring_their_tables_up_to_date(lake: Lake) -> None:
    lake.glue.create_database(DatabaseInput={"Name": "db"})
    table = {
        "Name": "mine",
        "PartitionKeys": [{"Name": "day", "Type": "int"}],
        "StorageDescriptor": {
            "Columns": [{"Name": "id", "Type": "string"}],
            "Location": "s3://lake/raw/sales/",
        },
    }
    lake.glue.create_table(DatabaseName="db", TableInput=table)
    lake.put("raw/sales/day=1/a.csv", SALES)
    policy = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"}
    target = {"CatalogTargets": [{"DatabaseName": "db", "Tables": ["mine"]}]}
    lake.crawler(Targets=target, SchemaChangePolicy=policy)
    assert lake.crawl()["Status"] == "SUCCEEDED"
    assert list(lake.tables()) == ["mine"]
    assert list(lake.columns("mine")) == ["id", "city", "kwh"]
    assert lake.tables()["mine"]["PartitionKeys"] == [{"Name": "day", "Type": "int"}]
    assert list(lake.partitions("mine")) == [("1",)]


def test_a_custom_csv_classifier_decides_the_header(lake: Lake) -> None:
    text = "code|name\nx|Ana\ny|Eva\n"
    lake.put("raw/plain/a.csv", text)
    lake.crawler("s3://lake/raw/plain/", name="plain")
    lake.crawl("plain")
    assert list(lake.columns("plain")) == ["col0", "col1"]
    lake.glue.create_classifier(
        CsvClassifier={"Name": "bars", "Delimiter": "|", "ContainsHeader": "PRESENT", "Serde": "OpenCSVSerDe"}
    )
    lake.glue.update_crawler(Name="plain", Classifiers=["bars"])
    lake.crawl("plain")
    assert list(lake.columns("plain")) == ["code", "name"]
    serde = lake.tables()["plain"]["StorageDescriptor"]["SerdeInfo"]
    assert serde["SerializationLibrary"] == "org.apache.hadoop.hive.serde2.OpenCSVSerde"
    assert serde["Parameters"] == {"quoteChar": '"', "separatorChar": "|"}


def test_a_missing_bucket_fails_the_crawl_and_says_so(lake: Lake) -> None:
    lake.crawler("s3://nowhere/raw/")
    last = lake.crawl()
    assert last["Status"] == "FAILED"
    assert "bucket" in last["ErrorMessage"]
    crawl = lake.glue.list_crawls(CrawlerName="raw")["Crawls"][0]
    assert (crawl["State"], crawl["ErrorMessage"]) == ("FAILED", last["ErrorMessage"])


def test_every_line_of_the_log_names_the_crawl(lake: Lake) -> None:
    lake.put("raw/sales/a.csv", SALES)
    lake.crawler()
    crawl_id = lake.crawl()["MessagePrefix"]
    assert all(line.startswith(f"[{crawl_id}] ") for line in lake.log)
    policy = '{"UpdateBehavior":"UPDATE_IN_DATABASE","DeleteBehavior":"DEPRECATE_IN_DATABASE"}'
    assert f"[{crawl_id}] INFO : Crawler configured with SchemaChangePolicy {policy}." in lake.log
    text = "\n".join(lake.log)
    assert "BENCHMARK : Running Start Crawl for Crawler raw" in text
    assert "INFO : Created table sales in database db" in text
    assert "INFO : Run Summary For TABLE:" in text
    assert "INFO : ADD: 1" in text


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Crawls wait before each object until the event is set."""
    event = threading.Event()

    def waiting(*arguments: Any) -> Iterator[Any]:
        for found in objects_of(*arguments):
            event.wait(30)
            yield found

    monkeypatch.setattr(crawl_module, "objects_of", waiting)
    yield event
    event.set()


def test_a_crawler_runs_once_at_a_time_and_can_be_stopped(lake: Lake, held: threading.Event) -> None:
    lake.put("raw/sales/a.csv", SALES)
    lake.crawler()
    with pytest.raises(ClientError, match="CrawlerNotRunningException"):
        lake.glue.stop_crawler(Name="raw")
    lake.glue.start_crawler(Name="raw")
    assert lake.glue.get_crawler(Name="raw")["Crawler"]["State"] == "RUNNING"
    with pytest.raises(ClientError, match="Crawler with name raw has already started"):
        lake.glue.start_crawler(Name="raw")
    for call in (lake.glue.delete_crawler, lake.glue.update_crawler):
        with pytest.raises(ClientError, match="CrawlerRunningException"):
            call(Name="raw")
    lake.glue.stop_crawler(Name="raw")
    assert lake.glue.get_crawler(Name="raw")["Crawler"]["State"] == "STOPPING"
    with pytest.raises(ClientError, match="CrawlerStoppingException"):
        lake.glue.stop_crawler(Name="raw")
    held.set()
    for thread in threading.enumerate():
        if thread.name == "crawl-raw":
            thread.join(30)
    crawler = lake.glue.get_crawler(Name="raw")["Crawler"]
    assert (crawler["State"], crawler["LastCrawl"]["Status"]) == ("READY", "CANCELLED")
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        lake.glue.get_tables(DatabaseName="db")


def test_a_crawl_that_the_server_did_not_survive_is_failed(
    lake: Lake, held: threading.Event, tmp_path: Path
) -> None:
    lake.put("raw/sales/a.csv", SALES)
    lake.crawler()
    lake.glue.start_crawler(Name="raw")
    again = open_lake(tmp_path)
    crawler = again.glue.get_crawler(Name="raw")["Crawler"]
    assert (crawler["State"], crawler["LastCrawl"]["Status"]) == ("READY", "FAILED")
    assert "server stopped" in crawler["LastCrawl"]["ErrorMessage"]


def test_the_log_shows_the_configuration(lake: Lake) -> None:
    lake.put("raw/sales/a.csv", SALES)
    configuration = '{"Version":1.0,"CreatePartitionIndex":true}'
    lake.crawler(Configuration=configuration)
    lake.crawl()
    text = f"INFO : Crawler configured with Configuration {configuration} and SchemaChangePolicy {{"
    assert any(text in line for line in lake.log)


def test_what_a_crawl_wrote_names_it_and_a_crawl_that_changes_nothing_does_not(lake: Lake) -> None:
    lake.put("raw/sales/day=1/a.csv", SALES)
    lake.crawler()
    first = lake.crawl()["MessagePrefix"]
    lake.crawl()

    def runs() -> tuple[str, str, str]:
        table, partition = lake.tables()["sales"], lake.partitions("sales")["1",]
        holders = (table, table["StorageDescriptor"], partition)
        one, two, three = (holder["Parameters"]["CRAWL_RUN_ID"] for holder in holders)
        return one, two, three

    assert runs() == (first, first, first)
    lake.put("raw/sales/day=2/a.csv", "id,city,kwh,price\n1,Cali,1.5,2\n")
    last = lake.crawl()["MessagePrefix"]
    assert runs() == (last, last, first)
