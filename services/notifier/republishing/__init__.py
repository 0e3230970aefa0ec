"""Every public event goes on to the queues of those who want it."""
