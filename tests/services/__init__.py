"""What the shop does: orders, money, panels, catalogue; on both engines."""
