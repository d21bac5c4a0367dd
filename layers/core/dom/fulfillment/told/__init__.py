"""What warehouses say by file of the work that they have, carried out as the floor's actions."""
