"""Questions to the coach, and the domains and books that it answers from."""

from litestar import get, post
from litestar.params import JSONBody

from plccoach_api.coach.coach import Coach
from plccoach_api.coach.runs.start import Question
from plccoach_api.controllers.messages import ASKING, IdempotencyKey
from plccoach_api.database.pool import Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import books
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.idempotency import Key
from plccoach_api.settings import Settings
from plccoach_api.structs.coach import Book, BookList, CoachAnswer, CoachQuery, DomainList, ExampleList


@post(
    "/api/coach/query",
    operation_id="askCoach",
    tags=["coach"],
    summary="Ask the coach a question",
    status_code=200,
    problems=ASKING,
)
async def ask_coach(
    coach: Injected[Coach],
    settings: Injected[Settings],
    user: Injected[SignedInUser],
    data: JSONBody[CoachQuery],
    idempotency_key: IdempotencyKey = None,
) -> CoachAnswer:
    """Stores the question and its answer in the given conversation, or in a new one, and returns the answer."""
    key = Key.of(idempotency_key, "askCoach", data)
    question = Question(user.id, data.query.strip(), data.conversation_id, key, data.book_ids or None)
    return CoachAnswer.of(await coach.ask(question), settings.public_url)


@get(
    "/api/coach/domains",
    operation_id="listDomains",
    tags=["coach"],
    summary="List the domains",
    sync_to_thread=False,
)
def list_domains() -> DomainList:
    """Returns the seven domains of a professional learning community. An answer's `domains` are some of them."""
    return DomainList.of_all()


@get(
    "/api/coach/examples",
    operation_id="listExamples",
    tags=["coach"],
    summary="List questions to begin with",
    sync_to_thread=False,
)
def list_examples() -> ExampleList:
    """Returns questions to begin with, which cover the domains."""
    return ExampleList.of_all()


@get("/api/coach/books", operation_id="listBooks", tags=["coach"], summary="List the books")
async def list_books(database: Injected[Database]) -> BookList:
    """Returns the books that answers cite, sorted by title, each with its chapters in order."""
    return BookList([Book.of(book) for book in await database.run_on_replica(books.list)])


SIGNED_IN = (ask_coach, list_domains, list_examples, list_books)
