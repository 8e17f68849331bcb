"""Builds the model packages of Hayate."""
