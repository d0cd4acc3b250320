"""Tests of the shop; the folders mirror ``bot``."""
