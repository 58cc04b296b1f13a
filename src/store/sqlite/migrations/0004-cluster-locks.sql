-- Which run has which cluster for itself. No time ends it: the run's end does, or a person.
CREATE TABLE cluster_locks (
  cluster TEXT    PRIMARY KEY NOT NULL,
  run_id  TEXT    NOT NULL,
  since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX cluster_locks_run ON cluster_locks (run_id);
