"""The shop as people meet it: send, press, read, against the stand-ins."""
