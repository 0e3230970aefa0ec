"""Events are posted to the URL of a subscription, signed, and tried again."""
