"""How long things take, each beside a plain way to do the same in the same run: machines differ, ratios hardly do."""
