"""What people do to an order after it was placed: cancel, hold, release, send elsewhere."""
