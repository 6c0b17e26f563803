"""What a Glue script imports as `awsglue`, in Python on Spark DataFrames.

It has the names and behaviour of AWS's own package, which needs a jar that is not openly licensed.
Whatever it lacks raises NotImplementedError naming itself; nothing is pretended.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python.html
"""

from awsglue.dynamicframe import DynamicFrame

__all__ = ["DynamicFrame"]
