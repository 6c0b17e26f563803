"""Patterns of dates and times as Joda-Time has them, which Athena's engine formats and reads with."""
