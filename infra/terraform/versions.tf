terraform {
  required_version = ">= 1.6"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.60"
    }
    archive = {
      source  = "hashicorp/archive"
      version = "~> 2.4"
    }
  }
}

# Nothing here says where AWS is. On a laptop AWS_ENDPOINT_URL does, and so these files go to AWS as they are.
# Only the way buckets are addressed may differ: lake.127.0.0.1 is no host (docs/terraform.md).
provider "aws" {
  region            = var.region
  s3_use_path_style = var.s3_use_path_style
}
