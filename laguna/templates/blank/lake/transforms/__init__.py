"""Pure functions from DataFrame to DataFrame, which a unit test calls without a cloud."""
