"""Adapters of the Places: a national layout narrowed to one Place, or a local layout."""
