"""Athena's API operations over the engine."""
