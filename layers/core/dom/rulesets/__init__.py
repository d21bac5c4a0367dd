"""Versions of the rule set: written as drafts, linted, put in force, taken back, tried beside."""
