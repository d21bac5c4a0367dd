"""The stage from the customer's wish to send something back to goods on sale and money paid."""
