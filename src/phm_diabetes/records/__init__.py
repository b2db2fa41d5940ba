"""Records: one declared layout, read, checked and counted where the rows lie."""
