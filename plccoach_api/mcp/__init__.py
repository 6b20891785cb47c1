"""The Model Context Protocol, for assistants that call tools. Needs the `mcp` extra, which only `server` imports."""
