"""Tests of the telegram layer."""
