"""What the shop promises under kills, bad weather and impatient fingers."""
