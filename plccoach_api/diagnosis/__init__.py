"""What `plccoach-api doctor` checks: what is wrong with an installation, and what to do about it.

- `check` is the result of one check.
- `judgements` decides what is wrong. It does no I/O.
- `examination` asks the database, the model and the machine, each for a limited time.
"""
