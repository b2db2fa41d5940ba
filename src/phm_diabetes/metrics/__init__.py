"""Metrics: arrays in and arrays out, then one table verb, :func:`phm_diabetes.estimate`."""
