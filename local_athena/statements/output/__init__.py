"""What a statement writes: result files and the files of tables."""
