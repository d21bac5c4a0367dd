"""Intake: verified events of sales channels become canonical orders, however they come in."""
