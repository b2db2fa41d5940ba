"""Tables that pandera validates; one table a file, and the door through which they pass."""
