"""The commands of `plccoach-api`, each in a file of its own."""
