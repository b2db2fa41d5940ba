"""Disease areas: measure cards as Python literals, offered through entry points."""
