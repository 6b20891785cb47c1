"""The HTTP backend of an AI coach for educators."""

from importlib.metadata import version

__version__ = version("plccoach-api")
