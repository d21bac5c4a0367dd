"""Events told to subscribers, by signed request: who is, and what becomes of each."""
