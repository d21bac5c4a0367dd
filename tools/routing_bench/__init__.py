"""Routing policies measured on whole months of orders: `make bench-routing`."""
