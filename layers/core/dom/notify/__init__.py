"""Telling the customer: which message, to whom, and that it is sent once."""
