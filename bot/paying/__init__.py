"""Ways to pay: one file each behind one seam (``seam.py``). They know HTTP, not Telegram and not SQL."""
