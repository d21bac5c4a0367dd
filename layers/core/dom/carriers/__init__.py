"""Labels for what comes back: one module per carrier; without one, a slip of our own."""
