"""Return routing against what retailers do: back to where it came from, or to the nearest place."""
