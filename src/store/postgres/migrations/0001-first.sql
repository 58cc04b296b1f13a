-- One row a run, maintained by every append: what the run's chain must end with, and what lists need of it.
CREATE TABLE sealwatch.runs (
  number      BIGINT      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id          TEXT        NOT NULL UNIQUE,
  open        BOOLEAN     NOT NULL,
  version     INTEGER     NOT NULL,
  head        TEXT        NOT NULL,
  runbook     TEXT        NOT NULL,
  cluster     TEXT        NOT NULL,
  state       TEXT        NOT NULL,
  phase       TEXT        NOT NULL,
  started_at  BIGINT      NOT NULL,
  started_by  TEXT        NOT NULL,
  finished_at BIGINT,
  drill       BOOLEAN     NOT NULL,
  driver      TEXT        NOT NULL,
  -- By this server's clock: tells a listener that was away what it missed.
  changed_at  TIMESTAMPTZ NOT NULL
);

CREATE INDEX runs_open ON sealwatch.runs (number) WHERE open;
CREATE INDEX runs_changed ON sealwatch.runs (changed_at);

-- The timelines. `text` is canonical JSON, the exact bytes that `hash` covers; as JSONB it would be other bytes. `append_id` tells a writer
-- that lost its connection whether what stands there is its own.
CREATE TABLE sealwatch.events (
  run_id    TEXT    NOT NULL REFERENCES sealwatch.runs (id),
  sequence  INTEGER NOT NULL CHECK (sequence >= 1),
  text      TEXT    NOT NULL,
  hash      TEXT    NOT NULL,
  append_id UUID    NOT NULL,
  PRIMARY KEY (run_id, sequence)
);

-- Against accidents and careless hands; the chain is what stands against careful ones.
CREATE FUNCTION sealwatch.refuse_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'timelines are append-only';
END
$$;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON sealwatch.events
FOR EACH STATEMENT EXECUTE FUNCTION sealwatch.refuse_change();

-- Which run has which cluster for itself. No time ends it: the run's end does, or a person.
CREATE TABLE sealwatch.cluster_locks (
  cluster TEXT   PRIMARY KEY COLLATE "C",
  run_id  TEXT   NOT NULL,
  since   BIGINT NOT NULL
);

CREATE INDEX cluster_locks_run ON sealwatch.cluster_locks (run_id);

-- Appends in one round trip: compares the version, chains the hashes as src/store/chain.ts does (`verify` there judges both), keeps the
-- summary, gives back the locks of a run that ends, and wakes the other replicas when it commits. Called again with the same `p_append` it
-- changes nothing and gives the same answer, whatever became of the first call.
CREATE FUNCTION sealwatch.append(
  p_run TEXT, p_expected INTEGER, p_append UUID, p_instance TEXT, p_texts TEXT[], p_closes BOOLEAN,
  p_runbook TEXT, p_cluster TEXT, p_state TEXT, p_phase TEXT, p_started_at BIGINT, p_started_by TEXT, p_finished_at BIGINT, p_drill BOOLEAN,
  p_driver TEXT,
  OUT appended BOOLEAN, OUT version INTEGER
) LANGUAGE plpgsql AS $$
DECLARE
  held     sealwatch.runs%ROWTYPE;
  v_hash   TEXT;
  v_number INTEGER;
BEGIN
  IF p_expected = 0 AND cardinality(p_texts) > 0 THEN
    INSERT INTO sealwatch.runs (id, open, version, head, runbook, cluster, state, phase, started_at, started_by, drill, driver, changed_at)
    VALUES (p_run, true, 0, repeat('0', 64), p_runbook, p_cluster, p_state, p_phase, p_started_at, p_started_by, p_drill, p_driver, clock_timestamp())
    ON CONFLICT (id) DO NOTHING;
  END IF;

  -- Whoever else appends to this run waits here, and reads what we committed.
  SELECT * INTO held FROM sealwatch.runs AS r WHERE r.id = p_run FOR UPDATE;
  version := coalesce(held.version, 0);
  IF version <> p_expected THEN
    appended := EXISTS (
      SELECT FROM sealwatch.events AS e WHERE e.run_id = p_run AND e.sequence = p_expected + 1 AND e.append_id = p_append
    );
    RETURN;
  END IF;
  appended := true;
  IF cardinality(p_texts) = 0 THEN
    RETURN;
  END IF;

  v_hash := held.head;
  FOR v_number IN 1 .. cardinality(p_texts) LOOP
    version := p_expected + v_number;
    v_hash := encode(sha256(convert_to(v_hash || E'\n' || p_texts[v_number] || E'\n' || p_run || E'\n' || version, 'UTF8')), 'hex');
    INSERT INTO sealwatch.events (run_id, sequence, text, hash, append_id) VALUES (p_run, version, p_texts[v_number], v_hash, p_append);
  END LOOP;

  -- A run that is finished stays finished, whatever is appended to it.
  UPDATE sealwatch.runs AS r SET
    open = r.open AND NOT p_closes, version = append.version, head = v_hash, runbook = p_runbook, cluster = p_cluster, state = p_state,
    phase = p_phase, started_at = p_started_at, started_by = p_started_by, finished_at = p_finished_at, drill = p_drill, driver = p_driver,
    changed_at = clock_timestamp()
  WHERE r.id = p_run;
  IF p_closes THEN
    DELETE FROM sealwatch.cluster_locks AS l WHERE l.run_id = p_run;
  END IF;
  PERFORM pg_notify('sealwatch_runs', p_instance || ' ' || p_run);
END
$$;

CREATE TABLE sealwatch.alert_groups (
  key         TEXT   PRIMARY KEY COLLATE "C",
  received_at BIGINT NOT NULL,
  body        TEXT   NOT NULL
);

CREATE TABLE sealwatch.messages (
  key     TEXT PRIMARY KEY COLLATE "C",
  channel TEXT NOT NULL,
  ts      TEXT NOT NULL,
  digest  TEXT NOT NULL
);

-- When each program instance was last heard of, by this server's clock.
CREATE TABLE sealwatch.holders (
  holder  TEXT        PRIMARY KEY,
  beat_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE sealwatch.identities (
  cluster      TEXT PRIMARY KEY,
  cluster_id   TEXT NOT NULL,
  cluster_name TEXT NOT NULL
);

-- Who walks, of several replicas. A row stays when its lock is given back, so that epochs only grow.
CREATE TABLE sealwatch.walk_locks (
  name       TEXT   PRIMARY KEY,
  epoch      BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
