"""Gives DynamicFrame the method `gs_derived`, as Glue Studio's module of that name does."""

from awsglue.studio import attach

gs_derived = attach("gs_derived")
