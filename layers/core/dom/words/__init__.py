"""What customers read, in their language: one file per language, and each text in one place."""
