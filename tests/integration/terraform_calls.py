"""What Terraform's AWS provider asks of AWS for `infra/terraform`, as a table of API calls.

One entry a resource, as terraform-provider-aws 5 and 6 do it: what creates it, what reads it afterwards and
at every plan, what deletes it, and how the provider learns that it is gone (it waits for that very error).
Parameters that the provider sends although nobody set them, such as an empty connection name, are sent here
too. Read, in part, in github.com/hashicorp/terraform-provider-aws in 2026-11; IAM, EventBridge, the scheduler
and the smaller S3 resources are from the provider's documented behaviour:

- internal/service/s3: bucket.go, tags.go
- internal/service/glue: catalog_table.go, crawler.go, job.go, trigger.go
- internal/service/athena: workgroup.go; internal/service/sfn: state_machine.go
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

ACCOUNT, REGION = "000000000000", "us-east-1"
BUCKET, DATABASE = "btg-lake", "btg_energia"
TABLES = ("clientes", "proveedores", "transacciones")


@dataclass(frozen=True)
class Call:
    """One API call: the error that it must get, or what its answer must show by JMESPath."""

    service: str
    operation: str
    params: dict[str, Any]
    fails: str = ""
    shows: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Resource:
    """The life of one resource."""

    address: str
    create: list[Call]
    read: list[Call]
    delete: list[Call]
    gone: Call


def s3(operation: str, *, fails: str = "", shows: dict[str, Any] | None = None, **params: Any) -> Call:
    return Call("s3", operation, {"Bucket": BUCKET, **params}, fails, shows or {})


def glue(operation: str, *, fails: str = "", shows: dict[str, Any] | None = None, **params: Any) -> Call:
    return Call("glue", operation, params, fails, shows or {})


def iam(operation: str, *, fails: str = "", shows: dict[str, Any] | None = None, **params: Any) -> Call:
    return Call("iam", operation, {"RoleName": ROLE, **params}, fails, shows or {})


def glue_tags(kind: str, name: str) -> Call:
    return glue("get_tags", ResourceArn=f"arn:aws:glue:{REGION}:{ACCOUNT}:{kind}/{name}", shows={"Tags": {}})


ROLE = f"{DATABASE}-glue"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
LAKE_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": f"arn:aws:s3:::{BUCKET}/*"}],
    }
)
TLS_ONLY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "RefuseWhatIsNotEncryptedOnTheWay",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
)
BLOCKED = dict.fromkeys(
    ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
)
AES256 = {
    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]
}
EXPIRE_TEMP = {
    "ID": "expire-temp",
    "Status": "Enabled",
    "Filter": {"Prefix": "temp/"},
    "Expiration": {"Days": 7},
}

BUCKET_RESOURCES = [
    Resource(
        "aws_s3_bucket.lake",
        [s3("create_bucket")],
        [
            s3("head_bucket", shows={"BucketRegion": REGION}),
            s3("get_bucket_acl", shows={"Grants[].Permission": ["FULL_CONTROL"]}),
            s3("get_bucket_cors", fails="NoSuchCORSConfiguration"),
            s3("get_bucket_website", fails="NoSuchWebsiteConfiguration"),
            s3("get_bucket_versioning"),
            s3("get_bucket_accelerate_configuration", shows={"Status": None}),
            s3("get_bucket_request_payment", shows={"Payer": "BucketOwner"}),
            s3("get_bucket_logging", shows={"LoggingEnabled": None}),
            s3("get_bucket_replication", fails="ReplicationConfigurationNotFoundError"),
            s3("get_bucket_encryption"),
            s3("get_object_lock_configuration", fails="ObjectLockConfigurationNotFoundError"),
            s3("get_bucket_tagging", fails="NoSuchTagSet"),
            s3("get_bucket_location", shows={"LocationConstraint": None}),
        ],
        [s3("delete_bucket")],
        s3("head_bucket", fails="404"),
    ),
    Resource(
        "aws_s3_bucket_public_access_block.lake",
        [s3("put_public_access_block", PublicAccessBlockConfiguration=BLOCKED)],
        [s3("get_public_access_block", shows={"PublicAccessBlockConfiguration": BLOCKED})],
        [s3("delete_public_access_block")],
        s3("get_public_access_block", fails="NoSuchPublicAccessBlockConfiguration"),
    ),
    Resource(
        "aws_s3_bucket_server_side_encryption_configuration.lake",
        [s3("put_bucket_encryption", ServerSideEncryptionConfiguration=AES256)],
        [s3("get_bucket_encryption", shows={"ServerSideEncryptionConfiguration": AES256})],
        [s3("delete_bucket_encryption")],
        # Buckets are encrypted since 2023, so the default comes back.
        s3("get_bucket_encryption", shows={"ServerSideEncryptionConfiguration": AES256}),
    ),
    Resource(
        "aws_s3_bucket_lifecycle_configuration.lake",
        [
            s3(
                "put_bucket_lifecycle_configuration",
                LifecycleConfiguration={"Rules": [EXPIRE_TEMP]},
                TransitionDefaultMinimumObjectSize="all_storage_classes_128K",
            )
        ],
        [
            s3(
                "get_bucket_lifecycle_configuration",
                shows={
                    "Rules": [EXPIRE_TEMP],
                    "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
                },
            )
        ],
        [s3("delete_bucket_lifecycle")],
        s3("get_bucket_lifecycle_configuration", fails="NoSuchLifecycleConfiguration"),
    ),
    Resource(
        "aws_s3_bucket_policy.lake",
        [s3("put_bucket_policy", Policy=TLS_ONLY)],
        [s3("get_bucket_policy", shows={"Policy": TLS_ONLY})],
        [s3("delete_bucket_policy")],
        s3("get_bucket_policy", fails="NoSuchBucketPolicy"),
    ),
    Resource(
        "aws_s3_bucket_versioning (not in the module)",
        [s3("put_bucket_versioning", VersioningConfiguration={"Status": "Suspended"})],
        [s3("get_bucket_versioning", shows={"Status": "Suspended"})],
        [s3("put_bucket_versioning", VersioningConfiguration={"Status": "Suspended"})],
        s3("get_bucket_versioning", shows={"Status": "Suspended"}),
    ),
]


def objects(contents: dict[str, bytes]) -> list[Resource]:
    """`aws_s3_object` for each key."""
    return [
        Resource(
            f"aws_s3_object {key}",
            [s3("put_object", Key=key, Body=body, ChecksumAlgorithm="CRC32")],
            [
                s3("head_object", Key=key, ChecksumMode="ENABLED", shows={"ContentLength": len(body)}),
                s3("get_object_tagging", Key=key, shows={"TagSet": []}),
            ],
            [s3("head_object", Key=key), s3("delete_object", Key=key)],
            s3("head_object", Key=key, fails="404"),
        )
        for key, body in contents.items()
    ]


ROLE_RESOURCES = [
    Resource(
        "aws_iam_role.glue",
        [iam("create_role", Path="/", AssumeRolePolicyDocument=TRUST, MaxSessionDuration=3600)],
        [
            iam("get_role", shows={"Role.Arn": ROLE_ARN, "Role.MaxSessionDuration": 3600, "Role.Path": "/"}),
            iam("list_role_policies"),
            iam("list_attached_role_policies"),
        ],
        [iam("list_instance_profiles_for_role", shows={"InstanceProfiles": []}), iam("delete_role")],
        iam("get_role", fails="NoSuchEntity"),
    ),
    Resource(
        "aws_iam_role_policy.lake",
        [iam("put_role_policy", PolicyName="lake", PolicyDocument=LAKE_POLICY)],
        [iam("get_role_policy", PolicyName="lake", shows={"PolicyDocument": json.loads(LAKE_POLICY)})],
        [iam("delete_role_policy", PolicyName="lake")],
        iam("get_role_policy", PolicyName="lake", fails="NoSuchEntity"),
    ),
    Resource(
        "aws_iam_role_policy_attachment.glue",
        [iam("attach_role_policy", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole")],
        [
            iam(
                "list_attached_role_policies",
                shows={"AttachedPolicies[].PolicyName": ["AWSGlueServiceRole"]},
            )
        ],
        [iam("detach_role_policy", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole")],
        iam("list_attached_role_policies", shows={"AttachedPolicies": []}),
    ),
]

RAW_COLUMNS = {
    "clientes": (
        "cliente_id",
        "tipo_identificacion",
        "identificacion",
        "nombre",
        "ciudad",
        "segmento",
        "fecha_registro",
    ),
    "proveedores": ("proveedor_id", "nombre_proveedor", "tipo_energia", "fecha_registro"),
    "transacciones": (
        "transaccion_id",
        "tipo_transaccion",
        "id_cliente_proveedor",
        "cantidad_comprada",
        "precio",
        "tipo_energia",
        "fecha_transaccion",
    ),
}


def raw_table(table: str) -> Resource:
    """`aws_glue_catalog_table.raw["…"]`."""
    where = {"CatalogId": ACCOUNT, "DatabaseName": DATABASE}
    name = f"raw_{table}"
    location = f"s3://{BUCKET}/raw/{table}/"
    columns = [{"Name": column, "Type": "string"} for column in RAW_COLUMNS[table]]
    projected = {
        "classification": "csv",
        "skip.header.line.count": "1",
        "projection.enabled": "true",
        "projection.year.type": "integer",
        "projection.year.range": "2020,2050",
        "projection.month.type": "integer",
        "projection.month.range": "1,12",
        "projection.month.digits": "2",
        "storage.location.template": f"{location}year=${{year}}/month=${{month}}/",
    }
    storage = {
        "Location": location,
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde"},
        "Columns": columns,
        "Compressed": False,
        "NumberOfBuckets": 0,
        "StoredAsSubDirectories": False,
    }
    wanted = {
        "Name": name,
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": projected,
        "PartitionKeys": [{"Name": "year", "Type": "string"}, {"Name": "month", "Type": "string"}],
        "StorageDescriptor": storage,
    }
    shown = {
        "Table.Parameters": projected,
        "Table.StorageDescriptor.Columns": columns,
        "Table.StorageDescriptor.Location": location,
        "Table.PartitionKeys[].Name": ["year", "month"],
    }
    return Resource(
        f"aws_glue_catalog_table.raw[{table}]",
        [glue("create_table", **where, TableInput=wanted)],
        [
            glue("get_table", **where, Name=name, shows=shown),
            glue(
                "get_partition_indexes", **where, TableName=name, shows={"PartitionIndexDescriptorList": []}
            ),
        ],
        [glue("delete_table", **where, Name=name)],
        glue("get_table", **where, Name=name, fails="EntityNotFoundException"),
    )


def crawler(table: str) -> Resource:
    """`aws_glue_crawler.processed["…"]`, with the empty texts that the provider sends."""
    name = f"{DATABASE}-{table}"
    path = f"s3://{BUCKET}/parquet/{table}/"
    policy = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"}
    shown = {
        "Crawler.TablePrefix": f"{table}_",
        "Crawler.Targets.S3Targets[].Path": [path],
        "Crawler.SchemaChangePolicy": policy,
        "Crawler.Role": ROLE_ARN,
    }
    target = {
        "Path": path,
        "ConnectionName": "",
        "Exclusions": [],
        "EventQueueArn": "",
        "DlqEventQueueArn": "",
    }
    return Resource(
        f"aws_glue_crawler.processed[{table}]",
        [
            glue(
                "create_crawler",
                Name=name,
                DatabaseName=DATABASE,
                Role=ROLE_ARN,
                TablePrefix=f"{table}_",
                Targets={"S3Targets": [target]},
                SchemaChangePolicy=policy,
                LineageConfiguration={"CrawlerLineageSettings": "DISABLE"},
                LakeFormationConfiguration={"AccountId": "", "UseLakeFormationCredentials": False},
                RecrawlPolicy={"RecrawlBehavior": "CRAWL_EVERYTHING"},
            )
        ],
        [glue("get_crawler", Name=name, shows=shown), glue_tags("crawler", name)],
        [glue("delete_crawler", Name=name)],
        glue("get_crawler", Name=name, fails="EntityNotFoundException"),
    )


def trigger(name: str, shown: dict[str, Any], **definition: Any) -> Resource:
    """`aws_glue_trigger`: the provider waits for it to be there, and to be gone."""
    return Resource(
        f"aws_glue_trigger {name}",
        [
            glue("create_trigger", Name=name, StartOnCreation=True, **definition),
            glue("get_trigger", Name=name, shows={"Trigger.State": "ACTIVATED"}),
        ],
        [glue("get_trigger", Name=name, shows=shown), glue_tags("trigger", name)],
        [glue("delete_trigger", Name=name)],
        glue("get_trigger", Name=name, fails="EntityNotFoundException"),
    )


JOB = f"{DATABASE}-transform"
ARGUMENTS = {
    "--extra-py-files": f"s3://{BUCKET}/scripts/pipeline.zip",
    "--TempDir": f"s3://{BUCKET}/temp/",
    "--lake_bucket": BUCKET,
}
GLUE_RESOURCES = [
    Resource(
        "aws_glue_catalog_database.lake",
        [
            glue(
                "create_database",
                CatalogId=ACCOUNT,
                DatabaseInput={"Name": DATABASE, "Description": "Energy transactions."},
            )
        ],
        [
            glue("get_database", CatalogId=ACCOUNT, Name=DATABASE, shows={"Database.CatalogId": ACCOUNT}),
            glue_tags("database", DATABASE),
        ],
        [glue("delete_database", CatalogId=ACCOUNT, Name=DATABASE)],
        glue("get_database", CatalogId=ACCOUNT, Name=DATABASE, fails="EntityNotFoundException"),
    ),
    *map(raw_table, TABLES),
    *map(crawler, TABLES),
    Resource(
        "aws_glue_job.transform",
        [
            glue(
                "create_job",
                Name=JOB,
                Role=ROLE_ARN,
                Command={
                    "Name": "glueetl",
                    "PythonVersion": "3",
                    "ScriptLocation": f"s3://{BUCKET}/scripts/transform.py",
                },
                DefaultArguments=ARGUMENTS,
                ExecutionProperty={"MaxConcurrentRuns": 1},
                GlueVersion="5.0",
                WorkerType="G.1X",
                NumberOfWorkers=2,
                Timeout=60,
            )
        ],
        [
            glue(
                "get_job",
                JobName=JOB,
                shows={
                    "Job.DefaultArguments": ARGUMENTS,
                    "Job.ExecutionProperty.MaxConcurrentRuns": 1,
                    "Job.NumberOfWorkers": 2,
                    "Job.Timeout": 60,
                    "Job.MaxRetries": 0,
                },
            ),
            glue_tags("job", JOB),
        ],
        [glue("delete_job", JobName=JOB)],
        glue("get_job", JobName=JOB, fails="EntityNotFoundException"),
    ),
    trigger(
        f"{DATABASE}-schedule",
        {"Trigger.Schedule": "cron(0 6 * * ? *)", "Trigger.Actions[].JobName": [JOB]},
        Type="SCHEDULED",
        Schedule="cron(0 6 * * ? *)",
        Actions=[{"JobName": JOB}],
    ),
    trigger(
        f"{DATABASE}-catalog",
        {"Trigger.Predicate.Conditions[].State": ["SUCCEEDED"]},
        Type="CONDITIONAL",
        Predicate={
            "Logical": "AND",
            "Conditions": [{"JobName": JOB, "LogicalOperator": "EQUALS", "State": "SUCCEEDED"}],
        },
        Actions=[{"CrawlerName": f"{DATABASE}-{table}"} for table in TABLES],
    ),
]

WORKGROUP = {
    "EnforceWorkGroupConfiguration": True,
    "PublishCloudWatchMetricsEnabled": True,
    "RequesterPaysEnabled": False,
    "ResultConfiguration": {"OutputLocation": f"s3://{BUCKET}/athena-query-results/"},
}
WORKGROUP_ARN = f"arn:aws:athena:{REGION}:{ACCOUNT}:workgroup/{DATABASE}"
LOCATION = "WorkGroup.Configuration.ResultConfiguration.OutputLocation"
ATHENA_RESOURCES = [
    Resource(
        "aws_athena_workgroup.lake",
        [Call("athena", "create_work_group", {"Name": DATABASE, "Configuration": WORKGROUP})],
        [
            Call(
                "athena",
                "get_work_group",
                {"WorkGroup": DATABASE},
                shows={
                    "WorkGroup.State": "ENABLED",
                    LOCATION: f"s3://{BUCKET}/athena-query-results/",
                    "WorkGroup.Configuration.EnforceWorkGroupConfiguration": True,
                },
            ),
            Call("athena", "list_tags_for_resource", {"ResourceARN": WORKGROUP_ARN}, shows={"Tags": []}),
        ],
        [Call("athena", "delete_work_group", {"WorkGroup": DATABASE, "RecursiveDeleteOption": True})],
        # The provider looks for "is not found" in the message of this one.
        Call("athena", "get_work_group", {"WorkGroup": DATABASE}, fails="InvalidRequestException"),
    ),
]

MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:btg-load"
DEFINITION = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
RULE = {"Name": "btg-rule", "EventBusName": "default"}
TARGETS = [{"Id": "load", "Arn": MACHINE, "RoleArn": ROLE_ARN}]
SCHEDULE = {"Name": "btg-schedule", "GroupName": "default"}
OTHER_RESOURCES = [
    Resource(
        "aws_sfn_state_machine (not in the module)",
        [
            Call(
                "stepfunctions",
                "validate_state_machine_definition",
                {"definition": DEFINITION, "type": "STANDARD"},
                shows={"result": "OK"},
            ),
            Call(
                "stepfunctions",
                "create_state_machine",
                {
                    "name": "btg-load",
                    "definition": DEFINITION,
                    "roleArn": ROLE_ARN,
                    "type": "STANDARD",
                    "publish": False,
                },
            ),
        ],
        [
            Call(
                "stepfunctions",
                "describe_state_machine",
                {"stateMachineArn": MACHINE},
                shows={"status": "ACTIVE", "definition": DEFINITION},
            ),
            Call(
                "stepfunctions",
                "list_state_machine_versions",
                {"stateMachineArn": MACHINE},
                shows={"stateMachineVersions": []},
            ),
            Call("stepfunctions", "list_tags_for_resource", {"resourceArn": MACHINE}, shows={"tags": []}),
        ],
        [Call("stepfunctions", "delete_state_machine", {"stateMachineArn": MACHINE})],
        Call(
            "stepfunctions",
            "describe_state_machine",
            {"stateMachineArn": MACHINE},
            fails="StateMachineDoesNotExist",
        ),
    ),
    Resource(
        "aws_cloudwatch_event_rule (not in the module)",
        [Call("events", "put_rule", {**RULE, "ScheduleExpression": "rate(1 day)", "State": "ENABLED"})],
        [
            Call("events", "describe_rule", RULE, shows={"State": "ENABLED", "EventBusName": "default"}),
            Call(
                "events",
                "list_tags_for_resource",
                {"ResourceARN": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/btg-rule"},
                shows={"Tags": []},
            ),
        ],
        [Call("events", "delete_rule", RULE)],
        Call("events", "describe_rule", RULE, fails="ResourceNotFoundException"),
    ),
    Resource(
        "aws_cloudwatch_event_target (not in the module)",
        [
            Call(
                "events",
                "put_targets",
                {"Rule": "btg-rule", "EventBusName": "default", "Targets": TARGETS},
                shows={"FailedEntryCount": 0},
            )
        ],
        [
            Call(
                "events",
                "list_targets_by_rule",
                {"Rule": "btg-rule", "EventBusName": "default"},
                shows={"Targets": TARGETS},
            )
        ],
        [
            Call(
                "events",
                "remove_targets",
                {"Rule": "btg-rule", "EventBusName": "default", "Ids": ["load"]},
                shows={"FailedEntryCount": 0},
            )
        ],
        Call(
            "events",
            "list_targets_by_rule",
            {"Rule": "btg-rule", "EventBusName": "default"},
            shows={"Targets": []},
        ),
    ),
    Resource(
        "aws_scheduler_schedule (not in the module)",
        [
            Call(
                "scheduler",
                "create_schedule",
                {
                    **SCHEDULE,
                    "ScheduleExpression": "rate(1 day)",
                    "FlexibleTimeWindow": {"Mode": "OFF"},
                    "State": "ENABLED",
                    "Target": {"Arn": MACHINE, "RoleArn": ROLE_ARN},
                },
            )
        ],
        [
            Call(
                "scheduler",
                "get_schedule",
                SCHEDULE,
                shows={"State": "ENABLED", "Target.Arn": MACHINE, "ScheduleExpression": "rate(1 day)"},
            )
        ],
        [Call("scheduler", "delete_schedule", SCHEDULE)],
        Call("scheduler", "get_schedule", SCHEDULE, fails="ResourceNotFoundException"),
    ),
]


def module(scripts: dict[str, bytes]) -> list[Resource]:
    """Everything, each after what it needs."""
    return [
        *BUCKET_RESOURCES,
        *objects(scripts),
        *ROLE_RESOURCES,
        *GLUE_RESOURCES,
        *ATHENA_RESOURCES,
        *OTHER_RESOURCES,
    ]
