"""Gives DynamicFrame the method `gs_format_timestamp`, as Glue Studio's module of that name does."""

from awsglue.studio import attach

gs_format_timestamp = attach("gs_format_timestamp")
