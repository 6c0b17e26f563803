"""From names to things: catalog tables, their files, partitions and readers."""
