"""Gives DynamicFrame the method `gs_explode`, as Glue Studio's module of that name does."""

from awsglue.studio import attach

gs_explode = attach("gs_explode")
