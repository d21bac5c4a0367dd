"""Transfers and purchases: asked for, on their way, received with whatever differs."""
