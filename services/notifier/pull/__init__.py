"""Events under leases: received, deleted, counted, revived, dropped."""
