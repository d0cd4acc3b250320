"""The steps, oldest first. A new one is a new file, tested on the data of the one before."""
