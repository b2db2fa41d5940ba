"""Northshire's sources for phm_diabetes."""
