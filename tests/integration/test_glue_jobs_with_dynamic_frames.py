"""Jobs written with `awsglue`, as the reference systems' are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import LocalAws
from tests.integration.glue_jobs import Jobs

pytestmark = pytest.mark.spark

DATABASE = "bsg_db"
SALES = "id,producto,cantidad,fecha\n1,café,3,2024-12-31\n2,té,0,2025-01-01\n3,pan,5,2025-02-10\n"
R3_JOB = """
    import sys
    from awsglue.context import GlueContext
    from awsglue.dynamicframe import DynamicFrame
    from awsglue.job import Job
    from awsglue.transforms import *
    from awsglue.utils import getResolvedOptions
    from pyspark.context import SparkContext
    from pyspark.sql.functions import col, month, year

    args = getResolvedOptions(sys.argv, ["JOB_NAME", "target"])
    sc = SparkContext()
    glueContext = GlueContext(sc)
    spark = glueContext.spark_session
    job = Job(glueContext)
    job.init(args["JOB_NAME"], args)
    sales = glueContext.create_dynamic_frame.from_catalog(database="bsg_db", table_name="raw_sales")
    frame = sales.toDF().filter(col("cantidad") > 0)
    frame = frame.withColumn("año", year("fecha")).withColumn("mes", month("fecha"))
    glueContext.write_dynamic_frame.from_options(
        frame=DynamicFrame.fromDF(frame, glueContext, "clean"),
        connection_type="s3",
        connection_options={"path": args["target"], "partitionKeys": ["año", "mes"]},
        format="parquet",
    )
    glueContext.get_logger().info("sales are clean")
    job.commit()
"""


@pytest.fixture(scope="module")
def jobs(aws: LocalAws) -> Iterator[Jobs]:
    jobs = Jobs(aws, "bsg-data-lake")
    jobs.s3.put_object(Bucket=jobs.bucket, Key="raw/sales.csv", Body=SALES.encode())
    jobs.glue.create_database(DatabaseInput={"Name": DATABASE})
    columns = {"id": "bigint", "producto": "string", "cantidad": "bigint", "fecha": "string"}
    jobs.glue.create_table(
        DatabaseName=DATABASE,
        TableInput={
            "Name": "raw_sales",
            "Parameters": {"classification": "csv", "skip.header.line.count": "1"},
            "StorageDescriptor": {
                "Location": f"s3://{jobs.bucket}/raw/",
                "Columns": [{"Name": name, "Type": kind} for name, kind in columns.items()],
                "SerdeInfo": {
                    "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                    "Parameters": {"field.delim": ","},
                },
            },
        },
    )
    yield jobs
    jobs.glue.delete_database(Name=DATABASE)


def test_the_r3_job_runs_as_it_is_with_an_ñ_in_a_partition_key(jobs: Jobs) -> None:
    name = jobs.create(R3_JOB, GlueVersion="4.0", NumberOfWorkers=2, WorkerType="G.1X")
    arguments = {"--target": f"s3://{jobs.bucket}/processed/"}
    run = jobs.wait(name, jobs.start(name, Arguments=arguments))
    assert run["JobRunState"] == "SUCCEEDED", run.get("ErrorMessage")
    folders = [key.rsplit("/", 1)[0] for key in jobs.keys("processed/")]
    assert folders == ["processed/año=2024/mes=12", "processed/año=2025/mes=2"]
    assert any("GlueLogger" in line and "sales are clean" in line for line in jobs.output(run, "error"))


def test_dynamic_frames_transform_records_as_glue_does(jobs: Jobs) -> None:
    run = jobs.run(
        """
        from awsglue.context import GlueContext
        from awsglue.dynamicframe import DynamicFrame
        from awsglue.transforms import ApplyMapping, DropFields, Filter, Join, Map, RenameField, SelectFields
        from pyspark.context import SparkContext

        context = GlueContext(SparkContext.getOrCreate())
        rows = context.sql(
            "select 1 id, named_struct('ciudad', 'Bogotá', 'piso', 3) casa, '12' n,"
            " cast(1.50 as decimal(9,2)) p"
            " union all select 2, named_struct('ciudad', 'Cali', 'piso', null), 'x', null"
        )
        frame = DynamicFrame.fromDF(rows, context, "rows")

        def records(one):
            return sorted(str(row.asDict(recursive=True)) for row in one.toDF().collect())

        mapped = ApplyMapping.apply(
            frame=frame,
            mappings=[("id", "int", "a.b", "long"), ("casa.ciudad", "string", "a.c", "string"),
                      ("n", "string", "n", "int"), ("nope", "string", "nope", "string")],
        )
        mapped.printSchema()
        print(records(mapped))
        high = Filter.apply(frame=frame, f=lambda row: row["casa"]["piso"] > 2)
        print(records(high.select_fields(["id"])))
        doubled = Map.apply(frame=frame, f=lambda row: {**row, "doble": row["id"] * 2})
        print(records(doubled.drop_fields(["casa"])))
        print(records(DropFields.apply(frame=frame, paths=["casa.piso", "p"])))
        print(records(SelectFields.apply(frame=frame, paths=["casa.piso"])))
        named = RenameField.apply(frame=frame, old_name="n", new_name="m").select_fields(["id", "m"])
        right = frame.select_fields(["id", "n"])
        print(records(Join.apply(frame1=named, frame2=right, keys1=["id"], keys2=["id"])))
        print(named.union(frame.select_fields(["id"])).count(), frame.repartition(3).getNumPartitions())
        frame.select_fields(["id"]).show(1)
        frame.select_fields(["nope"])
        """
    )
    assert run["JobRunState"] == "SUCCEEDED", run["ErrorMessage"]
    assert jobs.output(run) == [
        "root",
        "|-- a: struct",
        "|    |-- b: long",
        "|    |-- c: string",
        "|-- n: int",
        str(["{'a': {'b': 1, 'c': 'Bogotá'}, 'n': 12}", "{'a': {'b': 2, 'c': 'Cali'}, 'n': None}"]),
        str(["{'id': 1}"]),
        str(
            [
                "{'id': 1, 'n': '12', 'p': Decimal('1.50'), 'doble': 2}",
                "{'id': 2, 'n': 'x', 'p': None, 'doble': 4}",
            ]
        ),
        str(
            [
                "{'id': 1, 'casa': {'ciudad': 'Bogotá'}, 'n': '12'}",
                "{'id': 2, 'casa': {'ciudad': 'Cali'}, 'n': 'x'}",
            ]
        ),
        str(["{'casa': {'piso': 3}}", "{'casa': {'piso': None}}"]),
        str(["{'id': 1, 'm': '12', '.id': 1, 'n': '12'}", "{'id': 2, 'm': 'x', '.id': 2, 'n': 'x'}"]),
        "4 3",
        '{"id": 1}',
    ]
    warning = "select_fields: the records have no field 'nope'; they have: id, casa, n, p"
    assert any(warning in line for line in jobs.output(run, "error"))


def test_partitions_come_from_the_catalog_and_a_sink_adds_them(jobs: Jobs) -> None:
    run = jobs.run(
        """
        from awsglue.context import GlueContext
        from awsglue.dynamicframe import DynamicFrame
        from pyspark.context import SparkContext

        context = GlueContext(SparkContext.getOrCreate())
        rows = context.sql("select 1 id, '2025' year, '07' month union all select 2, '2025', '08'")
        sink = context.getSink(
            connection_type="s3", path="s3://BUCKET/sunk/", enableUpdateCatalog=True,
            partitionKeys=["year", "month"],
        )
        sink.setFormat("parquet")
        sink.setCatalogInfo(catalogDatabase="bsg_db", catalogTableName="sunk")
        sink.writeFrame(DynamicFrame.fromDF(rows, context, "rows"))
        more = context.sql("select 3 id, 'x' extra, '2025' year, '09' month")
        context.write_dynamic_frame.from_catalog(
            frame=DynamicFrame.fromDF(more, context, "more"), database="bsg_db", table_name="sunk",
            additional_options={"enableUpdateCatalog": True, "partitionKeys": ["year", "month"]},
        )
        read = context.create_dynamic_frame.from_catalog
        found = read(database="bsg_db", table_name="sunk").toDF()
        print(found.columns, sorted(map(tuple, found.collect())))
        pruned = read(database="bsg_db", table_name="sunk", push_down_predicate="month = '08'").toDF()
        print(pruned.count())
        """.replace("BUCKET", jobs.bucket)
    )
    assert run["JobRunState"] == "SUCCEEDED", run["ErrorMessage"]
    expected = [(1, None, "2025", "07"), (2, None, "2025", "08"), (3, "x", "2025", "09")]
    assert jobs.output(run) == [f"['id', 'extra', 'year', 'month'] {expected}", "1"]
    partitions = jobs.glue.get_partitions(DatabaseName=DATABASE, TableName="sunk")["Partitions"]
    assert sorted(partition["Values"] for partition in partitions) == [
        ["2025", "07"],
        ["2025", "08"],
        ["2025", "09"],
    ]
    assert not [key for key in jobs.keys("sunk/") if "_SUCCESS" in key]


def test_a_value_that_is_not_of_its_columns_type_makes_a_choice_and_no_null(jobs: Jobs) -> None:
    jobs.s3.put_object(Bucket=jobs.bucket, Key="raw/more.csv", Body=b"id,p,c,f\n9,pan,mucho,2025-01-01\n")
    run = jobs.run(R3_JOB, DefaultArguments={"--target": f"s3://{jobs.bucket}/again/"})
    resolved = R3_JOB.replace(
        "frame = sales.toDF()", 'frame = sales.resolveChoice(specs=[("cantidad", "cast:long")]).toDF()'
    )
    cast = jobs.run(resolved, DefaultArguments={"--target": f"s3://{jobs.bucket}/cast/"})
    jobs.s3.delete_object(Bucket=jobs.bucket, Key="raw/more.csv")
    assert run["JobRunState"] == "FAILED"
    assert "STRUCT<long: BIGINT, string: STRING>" in run["ErrorMessage"]
    assert jobs.keys("again/") == []
    assert cast["JobRunState"] == "SUCCEEDED", cast["ErrorMessage"]
    assert len(jobs.keys("cast/")) == 2


def test_the_root_of_a_bucket_is_read_and_errors_travel(jobs: Jobs) -> None:
    jobs.s3.create_bucket(Bucket="bsg-root")
    jobs.s3.put_object(Bucket="bsg-root", Key="a.json", Body=b'{"n": 1}\n{bad\n{"n": 0}\n{"m": 2}\n')
    jobs.s3.put_object(Bucket="bsg-root", Key="x=1/b.json", Body=b'{"n": 4}\n')
    run = jobs.run(
        """
        from awsglue import DynamicFrame
        from awsglue.context import GlueContext
        from pyspark.context import SparkContext

        context = GlueContext(SparkContext.getOrCreate())
        frame = context.create_dynamic_frame.from_options(
            connection_type="s3", format="JSON",
            connection_options={"paths": ["s3://bsg-root/"], "recurse": True},
        )
        lines = context.read.option("recursiveFileLookup", "true").json("s3://bsg-root")
        print(frame.count(), frame.errorsCount(), lines.count())
        inverse = frame.map(lambda record: {"inverse": 4 // record["n"]})
        print(sorted(row.inverse for row in inverse.toDF().collect()), inverse.errorsCount())
        for row in inverse.errorsAsDynamicFrame().toDF().collect():
            print(row.error.msg, row.error.source)
        print(sorted(map(tuple, frame.select_fields(["n", "x"]).toDF().collect()), key=str))
        """
    )
    assert run["JobRunState"] == "SUCCEEDED", run["ErrorMessage"]
    lines = jobs.output(run)
    assert lines[:2] == ["4 1 5", "[1, 4] 3"]
    assert lines[2].startswith("Unable to parse JSON: ")
    assert lines[2].endswith("s3://bsg-root/a.json")
    assert lines[3:5] == ["integer division or modulo by zero None", "'n' None"]
    assert lines[5:] == ["[(0, None), (1, None), (4, '1'), (None, None)]"]


def test_files_are_read_and_written_by_options(jobs: Jobs) -> None:
    jobs.s3.put_object(Bucket=jobs.bucket, Key="plain/deep/a.csv", Body=b"a;1\nb;2\n")
    run = jobs.run(
        """
        from awsglue.context import GlueContext
        from pyspark.context import SparkContext

        context = GlueContext(SparkContext.getOrCreate())
        frame = context.create_dynamic_frame.from_options(
            connection_type="s3",
            connection_options={"paths": ["s3://BUCKET/plain/"], "recurse": True},
            format="csv",
            format_options={"separator": ";"},
        )
        frame.printSchema()
        for format in ("csv", "json"):
            context.write_dynamic_frame.from_options(
                frame=frame.coalesce(1), connection_type="s3",
                connection_options={"path": "s3://BUCKET/written/" + format}, format=format,
            )
        context.purge_s3_path("s3://BUCKET/plain/", {"retentionPeriod": 0})
        """.replace("BUCKET", jobs.bucket)
    )
    assert run["JobRunState"] == "SUCCEEDED", run["ErrorMessage"]
    assert jobs.output(run) == ["root", "|-- col0: string", "|-- col1: string"]
    csv, json = jobs.keys("written/")
    assert jobs.text(csv) == "col0,col1\na,1\nb,2\n"
    assert jobs.text(json) == '{"col0":"a","col1":"1"}\n{"col0":"b","col1":"2"}\n'
    assert jobs.keys("plain/") == []


def test_dynamodb_is_read_and_written(jobs: Jobs) -> None:
    dynamodb = jobs.aws.client("dynamodb")
    for table in ("pedidos", "copia"):
        dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        )
    attributes = {"precio": {"N": "2.5"}, "cantidad": {"N": "3"}, "tags": {"SS": ["b", "a"]}}
    lines = {"L": [{"M": {"sku": {"S": "x"}}}]}
    dynamodb.put_item(TableName="pedidos", Item={"id": {"S": "1"}, **attributes, "lineas": lines})
    dynamodb.put_item(TableName="pedidos", Item={"id": {"S": "2"}, "nota": {"S": "ñ"}})
    run = jobs.run(
        """
from pyspark.context import SparkContext
from awsglue.context import GlueContext
glue = GlueContext(SparkContext.getOrCreate())
frame = glue.create_dynamic_frame.from_options(
    "dynamodb", {"dynamodb.input.tableName": "pedidos", "dynamodb.splits": "10"})
print(sorted((row.id, row.cantidad, row.precio, row.nota, row.tags) for row in frame.toDF().collect()))
glue.write_dynamic_frame.from_options(frame, "dynamodb", {"dynamodb.output.tableName": "copia"})
glue.create_dynamic_frame.from_options("dynamodb", {"dynamodb.input.tableName": "nada"}).count()
"""
    )
    print(*jobs.output(run), sep="\n")
    assert jobs.output(run)[0] == "[('1', 3, 2.5, None, ['a', 'b']), ('2', None, None, 'ñ', None)]"
    assert "ResourceNotFoundException" in run["ErrorMessage"]
    copied = sorted(dynamodb.scan(TableName="copia")["Items"], key=lambda item: item["id"]["S"])
    assert copied[1] == {"id": {"S": "2"}, "nota": {"S": "ñ"}}
    assert copied[0]["lineas"] == lines
    assert copied[0]["precio"] == {"N": "2.5"}
