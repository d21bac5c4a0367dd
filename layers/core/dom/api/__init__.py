"""The HTTP API: operations, identity, requests, answers and problems. Knows no storage."""
