"""Gives DynamicFrame the method `gs_array_to_cols`, as Glue Studio's module of that name does."""

from awsglue.studio import attach

gs_array_to_cols = attach("gs_array_to_cols")
