"""`just bench`: the service beside the fastest program that runs the same statements, and beside a common stack."""
