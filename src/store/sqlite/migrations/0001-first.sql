-- One row a run, maintained by every append: what the run's chain must end with.
CREATE TABLE runs (
  number  INTEGER PRIMARY KEY AUTOINCREMENT,
  id      TEXT    NOT NULL UNIQUE,
  open    INTEGER NOT NULL CHECK (open IN (0, 1)),
  version INTEGER NOT NULL,
  head    TEXT    NOT NULL
) STRICT;

CREATE INDEX runs_open ON runs (open, number);

-- The timelines. `text` is canonical JSON, the exact bytes that `hash` covers.
CREATE TABLE events (
  run_id   TEXT    NOT NULL REFERENCES runs (id),
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  text     TEXT    NOT NULL,
  hash     TEXT    NOT NULL,
  PRIMARY KEY (run_id, sequence)
) STRICT, WITHOUT ROWID;

-- Against accidents and careless hands; the chain is what stands against careful ones.
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'timelines are append-only'); END;

CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'timelines are append-only'); END;

CREATE TABLE alert_groups (
  key         TEXT    PRIMARY KEY NOT NULL,
  received_at INTEGER NOT NULL,
  body        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
  key     TEXT PRIMARY KEY NOT NULL,
  channel TEXT NOT NULL,
  ts      TEXT NOT NULL,
  digest  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE holders (
  holder  TEXT    PRIMARY KEY NOT NULL,
  beat_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE identities (
  cluster      TEXT PRIMARY KEY NOT NULL,
  cluster_id   TEXT NOT NULL,
  cluster_name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
