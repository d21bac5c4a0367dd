"""Work that is allocated but not released, planned again together, where that saves enough."""
