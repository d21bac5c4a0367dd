"""What suppliers are told of work that they ship, and what they answer."""
