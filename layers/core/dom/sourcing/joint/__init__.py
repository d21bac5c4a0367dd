"""Many orders at once: shared stock and capacity, their prices, and plans under those prices.

Standard library only, integers only: the same input gives the same plan on every platform. Prices
are minor units of whatever fineness the caller likes. Formulations: docs/benchmarks-routing.md.
"""
