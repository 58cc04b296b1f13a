-- What lists and metrics need of a run without its events. Every append writes all of it.
ALTER TABLE runs ADD COLUMN runbook     TEXT    NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN cluster     TEXT    NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN state       TEXT    NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN phase       TEXT    NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN started_at  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN started_by  TEXT    NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN finished_at INTEGER;
ALTER TABLE runs ADD COLUMN drill       INTEGER NOT NULL DEFAULT 0 CHECK (drill IN (0, 1));
ALTER TABLE runs ADD COLUMN driver      TEXT    NOT NULL DEFAULT '';

-- Runs that were written before there were summaries. The events are those of that time, so this is all that they mean; an open run writes
-- its summary anew as soon as it moves. A damaged event is left out here: reading its run tells of it.
CREATE TABLE facts AS
SELECT
  run_id, sequence,
  text ->> '$.type'       AS type,
  text ->> '$.at'         AS at,
  text ->> '$.runbook.id' AS runbook,
  text ->> '$.cluster'    AS cluster,
  text ->> '$.by.name'    AS person,
  text ->> '$.driver'     AS driver,
  text ->> '$.result'     AS result,
  CASE text ->> '$.type'
    WHEN 'RunStarted'     THEN 'between'
    WHEN 'CheckRequested' THEN 'checking'
    WHEN 'WaitBegun'      THEN 'waiting'
    WHEN 'ManualBegun'    THEN 'manual'
    WHEN 'PlanRequested'  THEN 'planning'
    WHEN 'GateOpened'     THEN 'gate'
    WHEN 'GateAgreed'     THEN 'rechecking'
    WHEN 'StepAttempted'  THEN 'attempted'
    WHEN 'ProbeBegun'     THEN 'probing'
    WHEN 'OutcomeUnknown' THEN 'unknown'
    WHEN 'StepStuck'      THEN 'stuck'
  END AS phase
FROM (SELECT run_id, sequence, iif(json_valid(text), text, '{}') AS text FROM events);

CREATE INDEX facts_place ON facts (run_id, sequence);

UPDATE runs SET
  runbook = coalesce(first.runbook, ''), cluster = coalesce(first.cluster, ''),
  started_at = coalesce(first.at, 0), started_by = coalesce(first.person, '')
FROM facts AS first WHERE first.run_id = id AND first.sequence = 1;

UPDATE runs SET
  driver = coalesce((SELECT driver FROM facts WHERE run_id = id AND driver IS NOT NULL ORDER BY sequence DESC LIMIT 1), ''),
  phase  = coalesce((SELECT phase  FROM facts WHERE run_id = id AND phase  IS NOT NULL ORDER BY sequence DESC LIMIT 1), 'between');

UPDATE runs SET state = iif(phase IN ('manual', 'gate', 'unknown', 'stuck'), 'waiting', 'running');

UPDATE runs SET phase = 'finished', state = coalesce(last.result, ''), finished_at = last.at
FROM (SELECT run_id, min(sequence), result, at FROM facts WHERE type = 'RunFinished' GROUP BY run_id) AS last
WHERE last.run_id = id AND open = 0;

DROP TABLE facts;
