"""Feeds of stock that come as files: read as a stream, sorted, looked at, and only then applied."""
