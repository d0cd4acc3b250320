"""The steps, oldest first. A new one is a new file, and comes with a sample of the books before it.

On SQLite a step that changes a column or a constraint makes the table anew (``op.batch_alter_table``), and that
loses its triggers: such a step says them again.
"""
