"""A small lake: bucket, catalog, Glue job, crawler, Athena workgroup, and the state machine of a load."""

from pathlib import Path

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as assets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct
from load import load_ventas

HERE = Path(__file__).parent
DATABASE = "ventas_db"


class LakeStack(Stack):
    """Files arrive below `raw/ventas/`; the job writes `processed/ventas/`, the crawler catalogs it."""

    def __init__(self, scope: Construct, name: str, **options: str) -> None:
        super().__init__(scope, name, **options)
        bucket = s3.Bucket(
            self,
            "Lake",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            # Without auto_delete_objects, which is a Lambda function: `cdk destroy` wants the bucket empty.
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = self._role(bucket)
        database = glue.CfnDatabase(
            self, "Database", catalog_id=self.account, database_input={"name": DATABASE}
        )
        job = self._job(bucket, role)
        crawler = self._crawler(bucket, role, database)
        workgroup = self._workgroup(bucket)
        machine = sfn.StateMachine(
            self,
            "Load",
            definition_body=sfn.DefinitionBody.from_chainable(
                load_ventas(self, job.ref, crawler.ref, workgroup.name, DATABASE)
            ),
        )
        bucket.grant_read_write(machine)
        CfnOutput(self, "BucketName", value=bucket.bucket_name)
        CfnOutput(self, "StateMachineArn", value=machine.state_machine_arn)

    def _role(self, bucket: s3.Bucket) -> iam.Role:
        """What the job and the crawler may do."""
        role = iam.Role(
            self,
            "GlueRole",
            assumed_by=iam.ServicePrincipal("glue.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AWSGlueServiceRole")
            ],
        )
        bucket.grant_read_write(role)
        return role

    def _job(self, bucket: s3.Bucket, role: iam.Role) -> glue.CfnJob:
        """The job; its script is an asset, which `cdk deploy` uploads to the bootstrap bucket."""
        script = assets.Asset(self, "Script", path=str(HERE / "jobs" / "ventas.py"))
        script.grant_read(role)
        return glue.CfnJob(
            self,
            "Ventas",
            role=role.role_arn,
            glue_version="5.0",
            worker_type="G.1X",
            number_of_workers=2,
            command={"name": "glueetl", "pythonVersion": "3", "scriptLocation": script.s3_object_url},
            default_arguments={"--lake_bucket": bucket.bucket_name},
        )

    def _crawler(self, bucket: s3.Bucket, role: iam.Role, database: glue.CfnDatabase) -> glue.CfnCrawler:
        return glue.CfnCrawler(
            self,
            "Crawler",
            role=role.role_arn,
            database_name=database.ref,
            targets={"s3Targets": [{"path": f"s3://{bucket.bucket_name}/processed/ventas/"}]},
        )

    def _workgroup(self, bucket: s3.Bucket) -> athena.CfnWorkGroup:
        return athena.CfnWorkGroup(
            self,
            "Workgroup",
            name="ventas",
            recursive_delete_option=True,
            work_group_configuration={
                "resultConfiguration": {"outputLocation": f"s3://{bucket.bucket_name}/athena-query-results/"}
            },
        )
