"""The store behind the head-end: SQLite by file, or PostgreSQL by URL.

One writer at a time; a commit is on the disk before the call that made it returns, so that nothing is
told that could be lost. The tables are in tables.py. Source: REMOTE.md.
"""

import threading
from contextlib import contextmanager

from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from tools.headend.tables import Base

BUSY_S = 30  # so long a writer waits for another process


class Store:
    """The tables behind a URL of SQLAlchemy."""

    def __init__(self, url):
        memory = url in ("sqlite://", "sqlite:///:memory:")
        more = {}
        if url.startswith("sqlite"):
            more["connect_args"] = {"check_same_thread": False, "timeout": BUSY_S}
        if memory:
            more["poolclass"] = StaticPool
        self.engine = create_engine(url, **more)
        self.lock = threading.RLock()
        self.memory = memory
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare)
            event.listen(self.engine, "begin", _begin)
        Base.metadata.create_all(self.engine)

    @contextmanager
    def writing(self):
        """A session whose work is committed, whole, before this ends; one writer at a time."""
        with self.lock, Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self):
        """A session to look only."""
        options = {"execution_options": {"reads": True}}
        if self.memory:
            self.lock.acquire()
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                session.connection(**options)
                yield session
        finally:
            if self.memory:
                self.lock.release()

    def close(self):
        self.engine.dispose()


def _prepare(connection, _record):
    """SQLite as sure as it can be: no commit is told before the disk has it."""
    connection.isolation_level = None  # BEGIN is ours
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection):
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
