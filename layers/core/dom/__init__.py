"""Distributed order management: domain, stages, channels and AWS adapters."""
