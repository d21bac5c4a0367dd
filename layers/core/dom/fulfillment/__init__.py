"""The stage from an assigned FulfillmentOrder to the customer: release, floor actions, ends."""
