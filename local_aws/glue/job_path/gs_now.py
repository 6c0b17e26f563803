"""Gives DynamicFrame the method `gs_now`, as Glue Studio's module of that name does."""

from awsglue.studio import attach

gs_now = attach("gs_now")
