"""Cycle counts: small differences are applied at once, great ones when a person has looked."""
