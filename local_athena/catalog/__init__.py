"""What a name in a query means: tables, views, partitions and their files."""
