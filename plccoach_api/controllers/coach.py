"""Questions to the coach."""

from litestar import get, post
from litestar.params import JSONBody

from plccoach_api.coach.coach import Coach
from plccoach_api.coach.runs.start import Question
from plccoach_api.controllers.messages import ASKING, IdempotencyKey
from plccoach_api.database.pool import Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import books
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.rules.idempotency import Key
from plccoach_api.structs.coach import Book, BookList, CoachAnswer, CoachQuery, DomainList


@post(
    "/api/coach/query",
    operation_id="askCoach",
    tags=["coach"],
    summary="Ask, and read a cited answer",
    status_code=200,
    problems=ASKING,
)
async def ask_coach(
    coach: Injected[Coach],
    user: Injected[SessionUser],
    data: JSONBody[CoachQuery],
    idempotency_key: IdempotencyKey = None,
) -> CoachAnswer:
    """The question and its answer are kept together, in the conversation named or in a new one."""
    key = Key.of(idempotency_key, "askCoach", data)
    return CoachAnswer.of(await coach.ask(Question(user.id, data.query.strip(), data.conversation_id, key)))


@get(
    "/api/coach/domains",
    operation_id="listDomains",
    tags=["coach"],
    summary="The seven domains",
    sync_to_thread=False,
)
def list_domains() -> DomainList:
    """What questions and passages are about; an answer's `domains` are some of these."""
    return DomainList.of_all()


@get("/api/coach/books", operation_id="listBooks", tags=["coach"], summary="The books that answers rest on")
async def list_books(database: Injected[Database]) -> BookList:
    """By title, each with its chapters in order."""
    return BookList([Book.of(book) for book in await database.run_idempotent(books.list)])


SIGNED_IN = (ask_coach, list_domains, list_books)
