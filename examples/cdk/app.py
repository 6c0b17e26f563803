"""The CDK app: one stack, in the account and region of whoever deploys it."""

import aws_cdk as cdk
from lake_stack import LakeStack

app = cdk.App()
LakeStack(app, "ventas-lake", description="A small lake: CSV in, Parquet by a Glue job, questions by Athena.")
app.synth()
