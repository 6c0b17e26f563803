"""Running a plan and rendering its answer as Athena does."""
