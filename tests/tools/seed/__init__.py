"""A believable data set, for trying things out and for the benchmark: `just seed`."""
