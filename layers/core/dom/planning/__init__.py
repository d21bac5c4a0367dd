"""What demand to come asks of the network: what is expected, what is kept, what should move."""
