"""Data quality: checks of typed tables, each a plain function that returns problems."""
