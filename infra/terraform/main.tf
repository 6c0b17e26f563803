# The lake's bucket, its database and its Athena workgroup.
#
#   raw/<table>/year=YYYY/month=MM/        CSV files as they arrive
#   parquet/<table>/year=YYYY/month=MM/    good rows, by the Glue job
#   scripts/ temp/ athena-query-results/

locals {
  tables = toset(["clientes", "proveedores", "transacciones"])
}

resource "aws_s3_bucket" "lake" {
  bucket        = var.bucket_name
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_public_access_block" "lake" {
  bucket                  = aws_s3_bucket.lake.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id

  rule {
    id     = "expire-temp"
    status = "Enabled"

    filter {
      prefix = "temp/"
    }

    expiration {
      days = 7
    }
  }
}

data "aws_iam_policy_document" "tls_only" {
  statement {
    sid       = "RefuseWhatIsNotEncryptedOnTheWay"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.lake.arn, "${aws_s3_bucket.lake.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "lake" {
  bucket = aws_s3_bucket.lake.id
  policy = data.aws_iam_policy_document.tls_only.json
}

resource "aws_glue_catalog_database" "lake" {
  name        = var.database_name
  description = "Energy transactions: raw files, and what the job makes of them."
}

resource "aws_athena_workgroup" "lake" {
  name          = var.database_name
  force_destroy = var.force_destroy

  configuration {
    enforce_workgroup_configuration = true

    result_configuration {
      output_location = "s3://${aws_s3_bucket.lake.bucket}/athena-query-results/"
    }
  }
}
