"""The local AWS: one gateway in front of S3, Glue, Athena, CloudFormation and, for the rest, moto."""
