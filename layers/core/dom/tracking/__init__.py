"""Where is my order: a page for whoever has the link that customers get by mail."""
