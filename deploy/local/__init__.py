"""The embedded stack: one command starts and stops a private RabbitMQ node, a private mongod and every service."""
