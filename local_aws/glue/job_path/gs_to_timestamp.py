"""Gives DynamicFrame the method `gs_to_timestamp`, as Glue Studio's module of that name does."""

from awsglue.studio import attach

gs_to_timestamp = attach("gs_to_timestamp")
