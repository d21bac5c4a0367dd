"""HTTP to the outside, for adapters of vendors: bounded, never redirected, never logged."""
