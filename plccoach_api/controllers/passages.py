"""The passages that answers cite."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import PathParameter

from plccoach_api import problems
from plccoach_api.coach.passage_reading import read_passage
from plccoach_api.controllers.messages import MessageId
from plccoach_api.database.pool import Connection, Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import messages, passages
from plccoach_api.queries.users import SignedInUser
from plccoach_api.settings import Settings
from plccoach_api.structs.citations import CitedPassage, Passage, citations_of

CitationNumber = Annotated[str, PathParameter(description="The citation's `index`.")]
ChunkId = Annotated[UUID, PathParameter(description="The `chunk_id` of a citation.")]


@get(
    "/api/messages/{message_id:uuid}/citations/{n:str}",
    operation_id="getCitation",
    tags=["conversations"],
    summary="Get a citation with the passage around its quote",
)
async def get_citation(
    database: Injected[Database],
    settings: Injected[Settings],
    user: Injected[SignedInUser],
    message_id: MessageId,
    n: CitationNumber,
) -> CitedPassage:
    """The passage stays readable after its book was replaced or removed. Then `superseded` is true."""

    async def read(connection: Connection) -> CitedPassage | None:
        row = await messages.get(connection, user_id=user.id, id=message_id)
        cited = citations_of(row, settings.public_url) if row else ()
        citation = next((each for each in cited if str(each.index) == n), None)
        passage = await passages.get(connection, chunk_id=citation.chunk_id) if citation else None
        return CitedPassage.within(citation, passage) if citation and passage else None

    passage = await database.run_idempotent(read)
    if passage is None:
        raise problems.NotFound
    return passage


@get(
    "/api/passages/{chunk_id:uuid}",
    operation_id="getPassage",
    tags=["coach"],
    summary="Get a passage of a book",
    opt={"problems": [problems.TooManyRequests]},
)
async def get_passage(database: Injected[Database], user: Injected[SignedInUser], chunk_id: ChunkId) -> Passage:
    """A passage that has left its book is readable as long as an answer cites it, whosever answer that is.

    A person reads at most 50 passages an hour. Those that their own answers cite are not counted.
    """
    return Passage.of(await read_passage(database, user.id, chunk_id))


SIGNED_IN = (get_citation, get_passage)
