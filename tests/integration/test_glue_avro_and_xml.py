"""Glue jobs that read and write Avro, and read XML, by the jars that Glue's Spark has."""

from __future__ import annotations

import json

import pytest

from tests.conftest import LocalAws
from tests.integration.glue_jobs import Jobs

pytestmark = [pytest.mark.spark, pytest.mark.extended]

LAKE = "avro-lake"
XML = """<?xml version="1.0"?>
<pedidos>
  <pedido id="1"><cliente>Ana</cliente><linea><sku>a</sku></linea><linea><sku>b</sku></linea></pedido>
  <pedido id="2"><cliente>Ñ &amp; hijos</cliente><linea><sku>c</sku></linea></pedido>
</pedidos>
"""


def test_xml_becomes_avro_and_a_catalog_table_of_it(aws: LocalAws) -> None:
    jobs = Jobs(aws, LAKE)
    jobs.s3.put_object(Bucket=LAKE, Key="xml/pedidos.xml", Body=XML.encode())
    jobs.glue.create_database(DatabaseInput={"Name": "avro"})
    jobs.glue.create_table(
        DatabaseName="avro",
        TableInput={
            "Name": "pedidos",
            "TableType": "EXTERNAL_TABLE",
            "StorageDescriptor": {
                "Location": f"s3://{LAKE}/avro/",
                "Columns": [{"Name": "cliente", "Type": "string"}, {"Name": "_id", "Type": "bigint"}],
                "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.avro.AvroSerDe"},
            },
        },
    )
    run = jobs.run(
        f"""
import json
from pyspark.context import SparkContext
from awsglue.context import GlueContext
glue = GlueContext(SparkContext.getOrCreate())
options = {{"paths": ["s3://{LAKE}/xml/"]}}
frame = glue.create_dynamic_frame.from_options("s3", options, "xml", {{"rowTag": "pedido"}})
print(json.dumps([[row.cliente, row._id, [one.sku for one in row.linea]] for row in frame.toDF().collect()]))
glue.write_dynamic_frame.from_options(frame, "s3", {{"path": "s3://{LAKE}/avro/"}}, "avro")
again = glue.create_dynamic_frame.from_options("s3", {{"paths": ["s3://{LAKE}/avro/"]}}, "avro")
print(json.dumps(again.count()))
table = glue.create_dynamic_frame.from_catalog("avro", "pedidos")
print(json.dumps(sorted(map(list, table.toDF().collect()))))
"""
    )
    assert run["JobRunState"] == "SUCCEEDED", run
    assert [json.loads(line) for line in jobs.output(run)] == [
        [["Ana", 1, ["a", "b"]], ["Ñ & hijos", 2, ["c"]]],
        2,
        [["Ana", 1], ["Ñ & hijos", 2]],
    ]
    refused = jobs.run(
        f"""
from pyspark.context import SparkContext
from awsglue.context import GlueContext
glue = GlueContext(SparkContext.getOrCreate())
frame = glue.create_dynamic_frame.from_options("s3", {{"paths": ["s3://{LAKE}/avro/"]}}, "avro")
glue.write_dynamic_frame.from_options(frame, "s3", {{"path": "s3://{LAKE}/no/"}}, "xml")
"""
    )
    assert "writing the format 'xml'" in refused["ErrorMessage"]
