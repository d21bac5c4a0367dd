"""X12 as partners write it: interchanges, groups and transaction sets, read and written."""
