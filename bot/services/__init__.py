"""Use cases of the shop, one transaction each."""
