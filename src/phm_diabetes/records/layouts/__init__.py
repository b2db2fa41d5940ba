"""Record layouts of sources, one a module: data, which the adapters of records run."""
