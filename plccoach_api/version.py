"""The version of the installed package.

It has a module of its own, because the libraries that look it up take 40 ms to import. The processes that read a book
or write a PDF do without them, and start that much earlier.
"""

from importlib.metadata import version

VERSION = version("plccoach-api")
