"""Gives DynamicFrame the method `gs_repartition`, as Glue Studio's module of that name does."""

from awsglue.studio import attach

gs_repartition = attach("gs_repartition")
