"""Putting the lake on an AWS: its code in S3, its resources by CloudFormation, and taking both away again."""
