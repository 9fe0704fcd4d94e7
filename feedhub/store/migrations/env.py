"""How Alembic reaches the database: through the connection that the store hands it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
