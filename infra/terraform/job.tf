# One job transforms all tables; a schedule starts it, and crawlers catalog what it wrote.

data "archive_file" "pipeline" {
  type        = "zip"
  output_path = "${path.root}/.terraform/pipeline.zip"

  dynamic "source" {
    for_each = setunion(
      fileset("${path.module}/../..", "pipeline/*.py"),
      fileset("${path.module}/../..", "pipeline/{loading,transforms}/*.py"),
    )

    content {
      filename = source.value
      content  = file("${path.module}/../../${source.value}")
    }
  }
}

resource "aws_s3_object" "pipeline" {
  bucket      = aws_s3_bucket.lake.id
  key         = "scripts/pipeline.zip"
  source      = data.archive_file.pipeline.output_path
  source_hash = data.archive_file.pipeline.output_md5
}

resource "aws_s3_object" "script" {
  bucket      = aws_s3_bucket.lake.id
  key         = "scripts/transform.py"
  source      = "${path.module}/jobs/transform.py"
  source_hash = filemd5("${path.module}/jobs/transform.py")
}

resource "aws_glue_job" "transform" {
  name              = "${var.database_name}-transform"
  description       = "CSV files of every table become Parquet by month."
  role_arn          = aws_iam_role.glue.arn
  glue_version      = "5.0"
  worker_type       = "G.1X"
  number_of_workers = 2
  timeout           = 60

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = "s3://${aws_s3_bucket.lake.bucket}/${aws_s3_object.script.key}"
  }

  execution_property {
    max_concurrent_runs = 1
  }

  default_arguments = {
    "--extra-py-files" = "s3://${aws_s3_bucket.lake.bucket}/${aws_s3_object.pipeline.key}"
    "--TempDir"        = "s3://${aws_s3_bucket.lake.bucket}/temp/"
    "--lake_bucket"    = aws_s3_bucket.lake.bucket
  }
}

resource "aws_glue_crawler" "processed" {
  for_each = local.tables

  name          = "${var.database_name}-${each.key}"
  role          = aws_iam_role.glue.arn
  database_name = aws_glue_catalog_database.lake.name
  table_prefix  = "${each.key}_"

  s3_target {
    path = "s3://${aws_s3_bucket.lake.bucket}/parquet/${each.key}/"
  }

  schema_change_policy {
    update_behavior = "UPDATE_IN_DATABASE"
    delete_behavior = "LOG"
  }
}

resource "aws_glue_trigger" "schedule" {
  name     = "${var.database_name}-schedule"
  type     = "SCHEDULED"
  schedule = var.schedule

  actions {
    job_name = aws_glue_job.transform.name
  }
}

resource "aws_glue_trigger" "catalog" {
  name = "${var.database_name}-catalog"
  type = "CONDITIONAL"

  predicate {
    conditions {
      job_name = aws_glue_job.transform.name
      state    = "SUCCEEDED"
    }
  }

  dynamic "actions" {
    for_each = aws_glue_crawler.processed

    content {
      crawler_name = actions.value.name
    }
  }
}
