"""Where returned goods go: each location that takes them, by way of a store, or nowhere at all.

Pure: a decision is a function of the case, the network and the rules.
"""
