"""What the sample CSVs are made of: names, clean rows, and the dirt that exports have."""
