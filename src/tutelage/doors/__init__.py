"""How people and programs come in: the command line, REST, MCP, the browser, and files."""
