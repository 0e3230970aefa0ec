"""The notifier takes events and subscription commands; says events again to subscriber queues; owns subscriptions."""
