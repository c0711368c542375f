"""How people and programs come in: the command line; REST, MCP and pages follow."""
