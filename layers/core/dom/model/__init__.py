"""Frozen value objects and status machines. Imports the standard library only."""
