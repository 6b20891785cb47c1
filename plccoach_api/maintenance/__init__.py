"""Daily maintenance: removes expired data."""
