"""Stand-ins for Telegram and for panels, and a page to chat with the shop."""
