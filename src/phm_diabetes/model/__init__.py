"""The domain model: frozen values that know no table and no file."""
