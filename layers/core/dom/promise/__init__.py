"""What customers can be promised, and cart reservations that keep a promise for a while."""
