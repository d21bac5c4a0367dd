"""The network of locations: what they are, whether they are open, what they can take."""
