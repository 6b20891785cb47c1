"""The HTTP backend of an AI coach for educators."""
