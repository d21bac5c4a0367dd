"""What follows from a change: events, messages, executions, callbacks. The items are the outbox."""
