"""The rows of unfinished answers are deleted soon after the answers have ended, many in one statement."""

from pathlib import Path
from uuid import uuid4

import psycopg

from plccoach_api.coach.runs.ended_answers import EndedAnswers
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.database.pool import Database
from tests import sql_coverage
from tests.waiting import until

_IDS = [uuid4() for _ in range(5)]


def begin(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO unfinished_answers (id, user_id, begun_at) SELECT unnest(%s::uuid[]), gen_random_uuid(), now()",
        (_IDS,),
    )


def unfinished(connection: psycopg.Connection) -> int:
    [[number]] = connection.execute("SELECT count(*) FROM unfinished_answers").fetchall()
    return int(number)


async def test_answers_that_end_together_cost_one_statement(
    database_url: str, database: Database, run_folder: Path
) -> None:
    ended = EndedAnswers(database, Timings(checkpoint=0.05))
    with (
        psycopg.connect(database_url, autocommit=True) as connection,
        sql_coverage.executions(run_folder, database_url, "unfinished_answers/delete") as statements,
    ):
        begin(connection)
        for id_ in _IDS:
            ended.add(id_)
        await until(lambda: unfinished(connection) == 0)
        assert statements() == 1


async def test_answers_that_end_later_are_deleted_too(database_url: str, database: Database) -> None:
    ended = EndedAnswers(database, Timings(checkpoint=0.01))
    with psycopg.connect(database_url, autocommit=True) as connection:
        begin(connection)
        ended.add(_IDS[0])
        await until(lambda: unfinished(connection) == len(_IDS) - 1)
        for id_ in _IDS[1:]:
            ended.add(id_)
        await until(lambda: unfinished(connection) == 0)


async def test_a_process_that_stops_leaves_no_rows(database_url: str, database: Database) -> None:
    ended = EndedAnswers(database, Timings(checkpoint=60))
    with psycopg.connect(database_url, autocommit=True) as connection:
        begin(connection)
        for id_ in _IDS:
            ended.add(id_)
        await ended.close()
        assert unfinished(connection) == 0
