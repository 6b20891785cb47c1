"""`plccoach-api doctor` checks an installation: it says what is wrong, and what to do about it.

- `check` is the result of one check.
- `judgements` decides what is wrong. It does no I/O.
- `examination` asks the database, the model, the collector of traces and the machine, each for a limited time.
"""
