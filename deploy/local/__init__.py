"""The embedded stack: a private RabbitMQ node, a private mongod and every service, started and stopped by one command."""
