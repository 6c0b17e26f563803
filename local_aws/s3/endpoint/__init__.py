"""S3 kept by somebody else: LocalStack, behind the same gateway and the same `s3://` URIs."""
