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
  nothing, it renews the lease every second. Then it notifies the other processes.
- A *stop request* only marks the row. A run in the same process is stopped at once; a run in another process reads
  the mark with its next checkpoint. The text so far stays.
- The *rescuer* (rescuer.py) runs in every process and looks every 15 s for leases that have expired.
- `restart()` (start.py) is called when a client repeats its request with the same idempotency key. It empties the row
  and gives it to a new run. A complete or stopped answer never changes its status again.

Every statement of a run compares the run's id. A run whose row was rescued, restarted or deleted therefore changes
nothing: its next checkpoint tells it to stop, and the end of the answer is read from the row.

When a process dies, the row holds:

- before `start()` commits: nothing. The idempotency key is not used either.
- after `start()`, before the first checkpoint: a generating answer without text.
- between two checkpoints: the text of the last one.
- after the model's last word, before the end is stored (store.py): the same. The organization is not charged.
- after the end is stored: the whole answer. It is charged in the same transaction, so never twice.

In the second to fourth case the lease expires, and the rescuer ends the answer: within 20 + 15 s, as far as there is a
database. When a process is told to stop, it stores its answers as failed instead: streamed ones at once, the others
when they are not finished after 2 s. When the database is away at the end of an answer, the run tries to store it for
5 s; then the lease expires as after a crash, and the text of the last checkpoint stays.

A client in the process of the run reads the run's transcript (transcript.py) and gets every piece at once. A client
elsewhere (reader.py) reads the row: it sees the text of the last checkpoint, woken by the notification, or after 1 s
when that was lost (a pooler in transaction mode loses all). It sees the end when the row's status changes. It gets
`error` when the answer has failed, or when the row is gone. Both continue from an offset that counts characters and
citations and therefore means the same in every process, until a restart replaces the text.
"""
