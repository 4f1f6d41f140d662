"""Recipes: how to provoke each code of 5.3, played over HTTP."""
