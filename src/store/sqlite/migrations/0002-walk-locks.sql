-- Who walks, of several replicas. A row stays when its lock is given back, so that epochs only grow.
CREATE TABLE walk_locks (
  name       TEXT    PRIMARY KEY NOT NULL,
  epoch      INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
