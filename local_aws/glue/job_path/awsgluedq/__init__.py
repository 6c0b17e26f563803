"""AWS Glue Data Quality in a job: DQDL rulesets evaluated on a frame (`awsgluedq.transforms`).

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-EvaluateDataQuality.html
"""
