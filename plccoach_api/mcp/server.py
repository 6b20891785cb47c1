"""Serves the tools with the protocol's official SDK: streamable HTTP without sessions, each response one JSON body."""

from typing import Any

import msgspec
from mcp.server import Server, ServerRequestContext
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from plccoach_api import problem_details
from plccoach_api.mcp.tools import TOOLS, ToolContext
from plccoach_api.middleware.request_limits import MAX_BODY
from plccoach_api.queries.users import SignedInUser
from plccoach_api.structs.tools import ToolAnswer
from plccoach_api.version import VERSION

_INSTRUCTIONS = (
    "PLC Coach knows books about professional learning communities in schools. Use ask_coach for a question that the "
    "books may answer: its answer is checked against them and has citations. Use search and fetch to read in the books."
)
_SCHEMAS = {name: tool.schema() for name, tool in TOOLS.items()}
_HINTS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_LISTED = [
    Tool(name=name, title=tool.title, description=tool.description, input_schema=_SCHEMAS[name], annotations=_HINTS)
    for name, tool in TOOLS.items()
]


def make_manager(tool_context: ToolContext) -> StreamableHTTPSessionManager:
    """Returns the ASGI application of /mcp, whose `run()` must be open while it serves.

    The SDK serves clients that begin with `initialize` and those of the stateless revision.
    """

    async def call_tool(context: Any, params: CallToolRequestParams) -> CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"There is no such tool. The tools are {', '.join(TOOLS)}.")
        user: SignedInUser = context.request.scope["user"]
        try:
            result = await tool.call(tool_context, user.id, params.arguments or {})
        except Exception as error:  # noqa: BLE001 - the result of a tool says that it failed
            problem_details.log_error(error)
            return _failed(error)
        return _result(result)

    server = Server(
        "plc-coach",
        title="PLC Coach",
        version=VERSION,
        instructions=_INSTRUCTIONS,
        get_tool_input_schema=_SCHEMAS.get,
        on_list_tools=_list_tools,
        on_call_tool=call_tool,
    )
    return StreamableHTTPSessionManager(server, json_response=True, stateless=True, max_request_body_size=MAX_BODY)


async def _list_tools(_: ServerRequestContext[Any, Any], __: PaginatedRequestParams | None) -> ListToolsResult:
    return ListToolsResult(tools=_LISTED)


def _result(result: msgspec.Struct) -> CallToolResult:
    text = result.answer if isinstance(result, ToolAnswer) else msgspec.json.encode(result).decode()
    return CallToolResult(content=[TextContent(text=text)], structured_content=msgspec.to_builtins(result))


def _failed(error: Exception) -> CallToolResult:
    text = problem_details.in_words(problem_details.to_problem(error))
    return CallToolResult(content=[TextContent(text=text)], is_error=True)
