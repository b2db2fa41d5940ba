"""Adapters: one file a source layout, and the parts from which anybody builds one."""
