"""The tools of an assistant: it searches the books, reads a passage, or asks the coach."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec

from plccoach_api.coach.coach import Coach
from plccoach_api.coach.passage_reading import read_passage
from plccoach_api.coach.runs.unstored import UnstoredQuestion
from plccoach_api.database.pool import Database
from plccoach_api.http.requests import decode
from plccoach_api.structs.citations import Citation
from plccoach_api.structs.tools import (
    AskArguments,
    FetchArguments,
    FetchedPassage,
    SearchArguments,
    SearchResult,
    SearchResults,
    ToolAnswer,
)


@dataclass(frozen=True, slots=True)
class ToolContext:
    """The tools need the database, the coach, and the address for links."""

    database: Database
    coach: Coach
    public_url: str


@dataclass(frozen=True, slots=True)
class Tool:
    """`run` gets the caller's id and the decoded arguments. `description` is for the assistant's model."""

    title: str
    description: str
    arguments: type[msgspec.Struct]
    run: Callable[[ToolContext, UUID, Any], Awaitable[msgspec.Struct]]

    async def call(self, context: ToolContext, user_id: UUID, arguments: Mapping[str, Any]) -> msgspec.Struct:
        """Raises InvalidInput and the problems of the tool."""
        return await self.run(context, user_id, decode(msgspec.json.encode(arguments), self.arguments))

    def schema(self) -> dict[str, Any]:
        """Returns the JSON schema of the arguments, without patterns: models do not read them, and clients differ."""
        _, components = msgspec.json.schema_components([self.arguments])
        schema: dict[str, Any] = components[self.arguments.__name__]
        for each in schema["properties"].values():
            each.pop("pattern", None)
        return schema


async def _search(context: ToolContext, user_id: UUID, arguments: SearchArguments) -> SearchResults:
    passages = await context.coach.search(user_id, arguments.query.strip(), arguments.limit)
    return SearchResults([SearchResult.of(passage, context.public_url) for passage in passages])


async def _fetch(context: ToolContext, user_id: UUID, arguments: FetchArguments) -> FetchedPassage:
    return FetchedPassage.of(await read_passage(context.database, user_id, arguments.id), context.public_url)


async def _ask_coach(context: ToolContext, user_id: UUID, arguments: AskArguments) -> ToolAnswer:
    live = await context.coach.answer_unstored(UnstoredQuestion(user_id, arguments.question.strip(), []))
    answer = await live.wait()
    citations = [Citation.of(each, context.public_url, ()) for each in answer.citations]
    return ToolAnswer(answer.kind, answer.content, citations)


TOOLS: Mapping[str, Tool] = MappingProxyType(
    {
        "search": Tool(
            "Search the books",
            "Searches the books about professional learning communities. Returns the beginnings of the passages that "
            "match best, with their ids and links.",
            SearchArguments,
            _search,
        ),
        "fetch": Tool(
            "Read a passage",
            "Returns a whole passage of a book by its id, to quote it or to read on.",
            FetchArguments,
            _fetch,
        ),
        "ask_coach": Tool(
            "Ask the PLC Coach",
            "Asks the coach one question about professional learning communities that stands on its own. Returns an "
            "answer from the books with references [n], and the citations to which they lead.",
            AskArguments,
            _ask_coach,
        ),
    }
)
