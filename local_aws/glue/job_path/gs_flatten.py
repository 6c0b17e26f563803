"""Gives DynamicFrame the method `gs_flatten`, as Glue Studio's module of that name does."""

from awsglue.studio import attach

gs_flatten = attach("gs_flatten")
