"""The notifier takes events and subscription commands; says events again to subscriber queues; owns subscriptions.

Here: subscriptions and wiring. Beside it what becomes of their events, a package each.
"""
