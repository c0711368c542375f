"""The only place with side effects: the desk, the ledger, the bank, and what waits."""
