"""Stock: positions, availability documents, and what brings them in line."""
