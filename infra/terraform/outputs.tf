output "bucket" {
  description = "The lake's bucket."
  value       = aws_s3_bucket.lake.bucket
}

output "database" {
  description = "The Glue database."
  value       = aws_glue_catalog_database.lake.name
}

output "job" {
  description = "The Glue job that transforms all tables."
  value       = aws_glue_job.transform.name
}

output "workgroup" {
  description = "The Athena workgroup."
  value       = aws_athena_workgroup.lake.name
}

output "crawled_tables" {
  description = "The tables that the crawlers make of the processed zone."
  value       = [for table in local.tables : "${table}_${table}"]
}
