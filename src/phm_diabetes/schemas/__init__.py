"""Tables that pandera validates; one table a file, and the door through which they pass."""

from importlib import import_module
from importlib.util import find_spec

if find_spec("pyspark") is not None:
    import_module("phm_diabetes.schemas.beside_pyspark")
