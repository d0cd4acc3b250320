"""Run by Alembic: the steps go over the connection ``bot.storage.migrate`` opened, in its transaction."""

from alembic import context

from bot.storage.tables import metadata

# SQLite's ALTER TABLE can do little: a step that says ``op.batch_alter_table`` works on both engines.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
