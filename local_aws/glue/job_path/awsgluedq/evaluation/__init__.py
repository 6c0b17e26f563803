"""Evaluates rulesets on Spark: what rules need is computed together, then each is judged, then rows are."""
