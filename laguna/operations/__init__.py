"""What the commands do with the lake's data, by AWS's public APIs and without printing anything."""
