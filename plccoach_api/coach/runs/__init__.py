"""Runs: they generate answers, store them, and serve their readers. This page describes the states of an answer.

An answer is a row of `messages`. Its `status` is one of four:

                         start()
                            |
                            v    the run: its model has finished
    restart()        +--------------+ ---------------------------------------> +----------+
    (failed, or the  |              |                                          | complete |
    lease expired)   |  generating  |                                          +----------+
    +--------------> |              |
    |                +--------------+ ---------------------------------------> +----------+
    |                       |    the run: a user asked it to stop              | stopped  |
    |                       |    the rescuer, or the next question in the      +----------+
    |                       |    conversation: the lease expired, and a
    |                       |    user had asked the run to stop
    |                       |
    |                       |    the run: an error, or the process stops
    |                       |    the rescuer, or the next question in the
    |                       v    conversation: the lease expired
    |                  +--------+
    +----------------- | failed |
                       +--------+

- `start()` (start.py) stores a question with its pending answer in one transaction. A conversation has at most one
  answer that is generating; a unique index guarantees that.
- A *run* (run.py) generates the answer in one process. It holds a *lease*: the row has the run's id and the time when
  the lease expires, 20 s after the last renewal (`rules.messages.LEASE`).
- A *checkpoint* (checkpoint.py) stores the text so far every 0.4 s, and renews the lease. While the model writes
  nothing, a checkpoint every second renews the lease. A reader in another process says every 10 s that it follows the
  answer. Only while it does, a checkpoint notifies the other processes.
- A *stop request* only marks the row. A run in the same process is stopped at once; a run in another process reads
  the mark with its next checkpoint. The text so far stays.
- The *rescuer* (rescuer.py) runs in every process and looks every 15 s for leases that have expired. It reads the table
  `unfinished_answers`, which has a row for each answer from its start to its end, and asks only for the users in it.
  A process deletes the rows of its ended answers in batches (ended_answers.py), and the rescuer those that it left.
- `restart()` (start.py) is called when a client repeats its request with the same idempotency key. It empties the row
  and gives it to a new run. A complete or stopped answer never changes its status again.

Every statement of a run compares the run's id. A run whose row was rescued, restarted or deleted therefore changes
nothing: its next checkpoint tells it to stop, and the end of the answer is read from the row.

When a process dies, the row holds:

- before `start()` commits: nothing. The idempotency key is not used either.
- after `start()`, before the first checkpoint: a generating answer without text.
- between two checkpoints: the text of the last one.
- after the model's last word, before the end is stored (store.py): the same text. The organization is not charged.
- after the end is stored: the whole answer. It is charged in the same transaction, so never twice.

In the second to fourth case the lease expires, and the rescuer ends the answer within 20 + 15 s if the database is
available. A process that receives SIGTERM stores its answers as failed: a streamed answer at once, any other answer if
it is not finished after 2 s. When the database is unavailable at the end of an answer, the run retries for 5 s (not for
a failed answer). Then the lease expires as after a crash, and the text of the last checkpoint stays.

A client in the process of the run reads the run's transcript (transcript.py) and gets every piece at once. A client in
another process reads the row (reader.py). While it follows the answer, each checkpoint sends a notification, which
wakes it. A reader whose notification is lost polls after 1 s (a pooler in transaction mode loses all notifications).
The reader sees the end when the row's status changes, and sends `error` when the answer has failed or the row was
deleted. Both clients continue from an offset that counts characters and citations, and is valid in every process
until a restart.

An answer to a program at /v1 (unstored.py) has no row, so it has no lease, no checkpoint and no reader elsewhere. It is
a LiveAnswer like a run (live_answer.py), and completion_stream.py writes it for a client that streams.
"""
