"""Gives DynamicFrame the method `gs_split`, as Glue Studio's module of that name does."""

from awsglue.studio import attach

gs_split = attach("gs_split")
