"""Gives DynamicFrame the method `gs_concat`, as Glue Studio's module of that name does."""

from awsglue.studio import attach

gs_concat = attach("gs_concat")
