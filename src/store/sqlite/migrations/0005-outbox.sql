-- What must still be shown in Slack: subjects, never contents. AUTOINCREMENT gives no number twice, whatever was deleted since.
CREATE TABLE outbox (
  revision   INTEGER PRIMARY KEY AUTOINCREMENT,
  subject    TEXT    NOT NULL UNIQUE,
  changed_at INTEGER NOT NULL,
  -- 0, or the time until which it was put aside.
  due_at     INTEGER NOT NULL
) STRICT;

-- Whatever is still going on is shown anew once. A damaged group is noted too: who draws it tells of the damage.
INSERT INTO outbox (subject, changed_at, due_at)
SELECT 'run:' || id, CAST(unixepoch('subsec') * 1000 AS INTEGER), 0 FROM runs WHERE open = 1 ORDER BY number;

INSERT INTO outbox (subject, changed_at, due_at)
SELECT 'alert:' || key, CAST(unixepoch('subsec') * 1000 AS INTEGER), 0 FROM alert_groups
WHERE iif(json_valid(body), coalesce(body ->> '$.status', 'firing') = 'firing', 1) ORDER BY received_at, key;

-- What Slack delivered within the last hour, by its digest.
CREATE TABLE inbox (
  id       TEXT    PRIMARY KEY NOT NULL,
  taken_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_taken ON inbox (taken_at);
