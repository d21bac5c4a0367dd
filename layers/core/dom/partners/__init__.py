"""Files of partners: read entry by entry, carried out, answered, and said what became of each."""
