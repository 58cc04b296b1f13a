-- What must still be shown in Slack: subjects, never contents. `due_at` is 0, or the time until which it was put aside.
CREATE TABLE sealwatch.outbox (
  subject    TEXT   PRIMARY KEY COLLATE "C",
  revision   BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  due_at     BIGINT NOT NULL
);

-- Gives no number twice, also of a transaction that was rolled back.
CREATE SEQUENCE sealwatch.outbox_revisions AS BIGINT;

-- Whoever waited for another's note takes a number anew, so that the later note has the higher one.
CREATE FUNCTION sealwatch.note(p_subject TEXT, p_at BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sealwatch.outbox (subject, revision, changed_at, due_at)
  VALUES (p_subject, nextval('sealwatch.outbox_revisions'), p_at, 0)
  ON CONFLICT (subject) DO UPDATE
  SET revision = nextval('sealwatch.outbox_revisions'), changed_at = excluded.changed_at, due_at = 0;
END
$$;

-- Milliseconds, as the program counts them, by this server's clock.
CREATE FUNCTION sealwatch.now_ms() RETURNS BIGINT LANGUAGE sql AS $$
  SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint
$$;

-- As in migration 1, and notes the run in the outbox. Replicas of the version before do not say when (`p_at`): they are still there while
-- replicas are replaced one by one, and what they append must be shown too.
DROP FUNCTION sealwatch.append;

CREATE FUNCTION sealwatch.append(
  p_run TEXT, p_expected INTEGER, p_append UUID, p_instance TEXT, p_texts TEXT[], p_closes BOOLEAN,
  p_runbook TEXT, p_cluster TEXT, p_state TEXT, p_phase TEXT, p_started_at BIGINT, p_started_by TEXT, p_finished_at BIGINT, p_drill BOOLEAN,
  p_driver TEXT, p_at BIGINT DEFAULT sealwatch.now_ms(),
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
  PERFORM sealwatch.note('run:' || p_run, p_at);
  PERFORM pg_notify('sealwatch_runs', p_instance || ' ' || p_run);
END
$$;

-- Whatever is still going on is shown anew once. A group that cannot be read is noted too: who draws it tells of the damage.
DO $$
DECLARE
  held   RECORD;
  firing BOOLEAN;
BEGIN
  PERFORM sealwatch.note('run:' || id, sealwatch.now_ms()) FROM (SELECT id FROM sealwatch.runs WHERE open ORDER BY number) AS going;
  FOR held IN SELECT key, body FROM sealwatch.alert_groups ORDER BY received_at, key LOOP
    BEGIN
      firing := coalesce(held.body::jsonb ->> 'status', 'firing') = 'firing';
    EXCEPTION WHEN data_exception THEN
      firing := true;
    END;
    IF firing THEN
      PERFORM sealwatch.note('alert:' || held.key, sealwatch.now_ms());
    END IF;
  END LOOP;
END
$$;

-- What Slack delivered within the last hour, by its digest.
CREATE TABLE sealwatch.inbox (
  id       TEXT   PRIMARY KEY COLLATE "C",
  taken_at BIGINT NOT NULL
);

CREATE INDEX inbox_taken ON sealwatch.inbox (taken_at);
