variable "region" {
  description = "Where the lake is."
  type        = string
  default     = "us-east-1"
}

variable "bucket_name" {
  description = "The lake's bucket; unique in all of AWS."
  type        = string
}

variable "database_name" {
  description = "The Glue database that holds the raw tables and those that the crawlers make."
  type        = string
  default     = "btg_energia"
}

variable "schedule" {
  description = "When the job runs by itself: a cron expression of Glue, in UTC."
  type        = string
  default     = "cron(0 6 * * ? *)"
}

variable "first_year" {
  description = "The earliest year that raw files may be of."
  type        = number
  default     = 2020
}

variable "s3_use_path_style" {
  description = "Whether a bucket is part of the path rather than the host; true for an endpoint on this machine."
  type        = bool
  default     = false
}

variable "force_destroy" {
  description = "Whether `terraform destroy` deletes the bucket with its objects. Never in production."
  type        = bool
  default     = false
}
