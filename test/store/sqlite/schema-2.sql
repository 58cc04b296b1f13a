-- A store of schema 2 as sealwatch wrote it before there were summaries: run-1-1 resolved, run-2-1 at a gate and taken over twice, run-3-1
-- aborted after a rejection, run-4-1 attempted by a process that then died. Made by that version's own runner; never edited.
CREATE TABLE runs (
  number  INTEGER PRIMARY KEY AUTOINCREMENT,
  id      TEXT    NOT NULL UNIQUE,
  open    INTEGER NOT NULL CHECK (open IN (0, 1)),
  version INTEGER NOT NULL,
  head    TEXT    NOT NULL
) STRICT;
CREATE INDEX runs_open ON runs (open, number);
CREATE TABLE events (
  run_id   TEXT    NOT NULL REFERENCES runs (id),
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  text     TEXT    NOT NULL,
  hash     TEXT    NOT NULL,
  PRIMARY KEY (run_id, sequence)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE walk_locks (
  name       TEXT    PRIMARY KEY NOT NULL,
  epoch      INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO runs VALUES (1, 'run-1-1', 0, 14, '123cd0cfd87964a545789257f13b26b91ef7faf8c3f95de31881ac6797cf5f7b');
INSERT INTO runs VALUES (9, 'run-2-1', 1, 6, 'a80acb9d6c05ccde8acafcf4a588793811f31dfef51f6d095e5b2398a245b4e2');
INSERT INTO runs VALUES (12, 'run-3-1', 0, 7, '5d9b0a51aa45ad9bec3ce0a2900dfa859fdc699f9a330fa3fa7d3c7b6c119643');
INSERT INTO runs VALUES (17, 'run-4-1', 1, 8, '409c6e75d77ca7ef85aa6524d4c85f4f2a73a0f12906a8296402fcc18f1d989b');
INSERT INTO events VALUES ('run-1-1', 1, '{"at":1700000000000,"by":{"id":"alice","name":"alice"},"cluster":"prod","driver":"host:1:x","inputs":{"cluster":"prod"},"origin":{"surface":"cli"},"runId":"run-1-1","runbook":{"alerts":[],"escalate":"e","id":"lost-peer","impact":"i","inputs":{"cluster":{"type":"cluster"}},"meaning":"m","steps":[{"do":"test.remove-peer","id":"remove","onFailure":"ask","with":{}},{"every":5000,"id":"absent","onFailure":"ask","timeout":60000,"until":"!result.known","wait":"test.peers","with":{}}],"title":"A peer is lost","verify":"v"},"runbookDigest":"digest","runbookText":"text","type":"RunStarted"}', '9a02b97b46afa51e81e3a588d1ea083b3aae53933b96e4b12525f8b4995c5ce9');
INSERT INTO events VALUES ('run-1-1', 2, '{"at":1700000000000,"step":"remove","title":"remove","type":"StepStarted"}', 'db9d064dbc8e1c3761eee6f14aa592f3b5b8e20ded2ac39b8c4f110c9eb99338');
INSERT INTO events VALUES ('run-1-1', 3, '{"at":1700000000000,"call":{"name":"test.remove-peer","with":{}},"step":"remove","type":"PlanRequested"}', 'a01d75699ee06fd870992c74bcf8d3c7c02c8a486ef38c67feb4174ba39fb849');
INSERT INTO events VALUES ('run-1-1', 4, '{"at":1700000000000,"gate":{"approvals":2,"differences":[],"expiresAt":1700000900000,"id":"remove.1","notTheStarter":true,"openedAt":1700000000000,"phrase":"prod","plan":{"call":{"name":"test.remove-peer","with":{}},"cluster":"prod","clusterId":"c-1","danger":"destructive","effect":"once","explain":{"call":"POST remove-peer","cost":"one voter less","proof":"it is gone"},"preconditions":[{"name":"voters","ok":true,"text":"3 voters","value":3}],"runbookDigest":"digest"},"step":"remove","votes":[]},"type":"GateOpened"}', '125e7fe09c27ef508b008ed94565823a67b47ac06f89025f19628d9e749f8abb');
INSERT INTO events VALUES ('run-1-1', 5, '{"at":1700000000000,"by":{"id":"bob","name":"bob"},"gate":"remove.1","type":"GateVoted"}', 'a99e720972f1a309e0d73ad0e60d3e13e1753a91daf4be6d247bbc97068756a7');
INSERT INTO events VALUES ('run-1-1', 6, '{"at":1700000000000,"by":{"id":"carol","name":"carol"},"gate":"remove.1","type":"GateVoted"}', 'a1c3b20ce5691577a2fd2735308baccb7166957ec7dc24c1f6f471f9c9d98a8f');
INSERT INTO events VALUES ('run-1-1', 7, '{"at":1700000000000,"gate":"remove.1","type":"GateAgreed"}', 'fd6f631c346fc902c366ea400417798367219b512004148ef19954f61d40cee4');
INSERT INTO events VALUES ('run-1-1', 8, '{"at":1700000000000,"attempt":{"approvedBy":[{"id":"bob","name":"bob"},{"id":"carol","name":"carol"}],"at":1700000000000,"holder":"host:1:x","id":"run-1-1/remove/1.1"},"plan":{"call":{"name":"test.remove-peer","with":{}},"cluster":"prod","clusterId":"c-1","danger":"destructive","effect":"once","explain":{"call":"POST remove-peer","cost":"one voter less","proof":"it is gone"},"preconditions":[{"name":"voters","ok":true,"text":"3 voters","value":3}],"runbookDigest":"digest"},"step":"remove","type":"StepAttempted"}', 'f96417beca86d7fbed1e4cfc7ae79125aba9712cee6a378e207de53b6e063ff7');
INSERT INTO events VALUES ('run-1-1', 9, '{"at":1700000000000,"cause":"verify","deadline":1700000005000,"output":{},"step":"remove","type":"ProbeBegun"}', '8d45e9531b44ddf622151fe92ef463b05023bfea2831ad671ab86b31f9a2dfb2');
INSERT INTO events VALUES ('run-1-1', 10, '{"at":1700000000000,"result":{},"step":"remove","text":"it is gone","type":"StepSucceeded"}', 'db808f7d6b9414ba510f98cc85e64b695a0b9a41d21707bb79083c751b137098');
INSERT INTO events VALUES ('run-1-1', 11, '{"at":1700000000000,"step":"absent","title":"absent","type":"StepStarted"}', 'e7cd58ed833d73b3561ebdd09548894e1714e42f38e3ec6cb9a52ce9057580b8');
INSERT INTO events VALUES ('run-1-1', 12, '{"at":1700000000000,"call":{"name":"test.peers","with":{}},"deadline":1700000060000,"everyMs":5000,"step":"absent","type":"WaitBegun"}', '525c24ed8968e73fb3db8c33a322fdbaf1536633e1cb4660f0602a204ebc3dc5');
INSERT INTO events VALUES ('run-1-1', 13, '{"at":1700000000000,"result":{"known":false},"step":"absent","text":"known: false","type":"StepSucceeded"}', '5a232e60cfc9b6e68d529d69e2782822145c60acd692c172c3a409fad0d4c8eb');
INSERT INTO events VALUES ('run-1-1', 14, '{"at":1700000000000,"result":"resolved","text":"Every step is done.","type":"RunFinished"}', '123cd0cfd87964a545789257f13b26b91ef7faf8c3f95de31881ac6797cf5f7b');
INSERT INTO events VALUES ('run-2-1', 1, '{"at":1700000000000,"by":{"id":"alice","name":"alice"},"cluster":"prod","driver":"host:2:x","inputs":{"cluster":"prod"},"origin":{"surface":"cli"},"runId":"run-2-1","runbook":{"alerts":[],"escalate":"e","id":"lost-peer","impact":"i","inputs":{"cluster":{"type":"cluster"}},"meaning":"m","steps":[{"do":"test.remove-peer","id":"remove","onFailure":"ask","with":{}},{"every":5000,"id":"absent","onFailure":"ask","timeout":60000,"until":"!result.known","wait":"test.peers","with":{}}],"title":"A peer is lost","verify":"v"},"runbookDigest":"digest","runbookText":"text","type":"RunStarted"}', '4f4820ade4aba39a767474ebb3b1ff99ccf92c6890e48a0fef97dafb6e6267b3');
INSERT INTO events VALUES ('run-2-1', 2, '{"at":1700000000000,"step":"remove","title":"remove","type":"StepStarted"}', '32920ccd223f01d1edfd758f1786e7c19376bcc8698da1c89750a56e50b8c660');
INSERT INTO events VALUES ('run-2-1', 3, '{"at":1700000000000,"call":{"name":"test.remove-peer","with":{}},"step":"remove","type":"PlanRequested"}', '9429101d7819fe2758225b6586fb7e3dc07de893c8b8fdc988b58edf821cc8cc');
INSERT INTO events VALUES ('run-2-1', 4, '{"at":1700000000000,"gate":{"approvals":2,"differences":[],"expiresAt":1700000900000,"id":"remove.1","notTheStarter":true,"openedAt":1700000000000,"phrase":"prod","plan":{"call":{"name":"test.remove-peer","with":{}},"cluster":"prod","clusterId":"c-1","danger":"destructive","effect":"once","explain":{"call":"POST remove-peer","cost":"one voter less","proof":"it is gone"},"preconditions":[{"name":"voters","ok":true,"text":"3 voters","value":3}],"runbookDigest":"digest"},"step":"remove","votes":[]},"type":"GateOpened"}', '91cd0a9560ab2902c8d1490927581d2da8143bdb698c2522647bbc8d49522222');
INSERT INTO events VALUES ('run-2-1', 5, '{"at":1700000000000,"driver":"host:3:x","type":"DriverChanged"}', 'de1af2cfffbc3984bf7c1ba0d56b7ecf3fa98e5bcf99fa67750db123465aa482');
INSERT INTO events VALUES ('run-2-1', 6, '{"at":1700000000000,"driver":"host:4:x","type":"DriverChanged"}', 'a80acb9d6c05ccde8acafcf4a588793811f31dfef51f6d095e5b2398a245b4e2');
INSERT INTO events VALUES ('run-3-1', 1, '{"at":1700000000000,"by":{"id":"alice","name":"alice"},"cluster":"prod","driver":"host:3:x","inputs":{"cluster":"prod"},"origin":{"surface":"cli"},"runId":"run-3-1","runbook":{"alerts":[],"escalate":"e","id":"lost-peer","impact":"i","inputs":{"cluster":{"type":"cluster"}},"meaning":"m","steps":[{"do":"test.remove-peer","id":"remove","onFailure":"ask","with":{}},{"every":5000,"id":"absent","onFailure":"ask","timeout":60000,"until":"!result.known","wait":"test.peers","with":{}}],"title":"A peer is lost","verify":"v"},"runbookDigest":"digest","runbookText":"text","type":"RunStarted"}', '5359bd783ae61ff63c8579c095450ee19de7960e7298d291675b39874d8e3fe0');
INSERT INTO events VALUES ('run-3-1', 2, '{"at":1700000000000,"step":"remove","title":"remove","type":"StepStarted"}', 'f3ee830e698920a095710d1ef8b64c149018d3a5678bfc83cfe7522399844f8b');
INSERT INTO events VALUES ('run-3-1', 3, '{"at":1700000000000,"call":{"name":"test.remove-peer","with":{}},"step":"remove","type":"PlanRequested"}', '468f976ab8b395f1c75c2680c9d8ec72a7aa00e9426c893995c6999207c7cd02');
INSERT INTO events VALUES ('run-3-1', 4, '{"at":1700000000000,"gate":{"approvals":2,"differences":[],"expiresAt":1700000900000,"id":"remove.1","notTheStarter":true,"openedAt":1700000000000,"phrase":"prod","plan":{"call":{"name":"test.remove-peer","with":{}},"cluster":"prod","clusterId":"c-1","danger":"destructive","effect":"once","explain":{"call":"POST remove-peer","cost":"one voter less","proof":"it is gone"},"preconditions":[{"name":"voters","ok":true,"text":"3 voters","value":3}],"runbookDigest":"digest"},"step":"remove","votes":[]},"type":"GateOpened"}', '34e813f000515eb12f3e65c717c62d1afccb9f6aac8c8b08ce7b6a072b2db99d');
INSERT INTO events VALUES ('run-3-1', 5, '{"at":1700000000000,"by":{"id":"bob","name":"bob"},"gate":"remove.1","reason":"not tonight","type":"GateRejected"}', '0241a3ebb110d6279f9a727b4dd98d0448a43dc1d5499d456a44d77dbf62f66f');
INSERT INTO events VALUES ('run-3-1', 6, '{"at":1700000000000,"failure":{"message":"bob rejected the call: not tonight","reason":"refused","retryable":false},"step":"remove","type":"StepStuck"}', '58241b3262e44dde68dfab668eeea73a1b0f17b66233c012e5e784b617f9d43b');
INSERT INTO events VALUES ('run-3-1', 7, '{"at":1700000000000,"by":{"id":"bob","name":"bob"},"result":"aborted","text":"Aborted by bob: enough.","type":"RunFinished"}', '5d9b0a51aa45ad9bec3ce0a2900dfa859fdc699f9a330fa3fa7d3c7b6c119643');
INSERT INTO events VALUES ('run-4-1', 1, '{"at":1700000000000,"by":{"id":"alice","name":"alice"},"cluster":"prod","driver":"host:4:x","inputs":{"cluster":"prod"},"origin":{"surface":"cli"},"runId":"run-4-1","runbook":{"alerts":[],"escalate":"e","id":"lost-peer","impact":"i","inputs":{"cluster":{"type":"cluster"}},"meaning":"m","steps":[{"do":"test.remove-peer","id":"remove","onFailure":"ask","with":{}},{"every":5000,"id":"absent","onFailure":"ask","timeout":60000,"until":"!result.known","wait":"test.peers","with":{}}],"title":"A peer is lost","verify":"v"},"runbookDigest":"digest","runbookText":"text","type":"RunStarted"}', 'b46035e671971688977507ae038668a81bc6f488b7c07f139512a58b31b085c6');
INSERT INTO events VALUES ('run-4-1', 2, '{"at":1700000000000,"step":"remove","title":"remove","type":"StepStarted"}', '36ca2aa027adaffc2d96390ee1b6842046e5a2fb32f332b08b8a5ee2d2088112');
INSERT INTO events VALUES ('run-4-1', 3, '{"at":1700000000000,"call":{"name":"test.remove-peer","with":{}},"step":"remove","type":"PlanRequested"}', '2b2e72427a26ac2769a4a3451e3321781df9b810f40f7f0acd03218058c24b4e');
INSERT INTO events VALUES ('run-4-1', 4, '{"at":1700000000000,"gate":{"approvals":2,"differences":[],"expiresAt":1700000900000,"id":"remove.1","notTheStarter":true,"openedAt":1700000000000,"phrase":"prod","plan":{"call":{"name":"test.remove-peer","with":{}},"cluster":"prod","clusterId":"c-1","danger":"destructive","effect":"once","explain":{"call":"POST remove-peer","cost":"one voter less","proof":"it is gone"},"preconditions":[{"name":"voters","ok":true,"text":"3 voters","value":3}],"runbookDigest":"digest"},"step":"remove","votes":[]},"type":"GateOpened"}', 'ea2eac128df7ac30b95cc1f8407976bb9b6e8ca50c68aa6ce482fed95369e293');
INSERT INTO events VALUES ('run-4-1', 5, '{"at":1700000000000,"by":{"id":"bob","name":"bob"},"gate":"remove.1","type":"GateVoted"}', '2d5600724d55a0700c9a94f2a886002803ca69aaa629a143a36993765828aaf4');
INSERT INTO events VALUES ('run-4-1', 6, '{"at":1700000000000,"by":{"id":"carol","name":"carol"},"gate":"remove.1","type":"GateVoted"}', 'd7b0c6bdcf725fc75ec8f05c44d29d3900cb6b6e318e4c471bb8a5d7ded84a0a');
INSERT INTO events VALUES ('run-4-1', 7, '{"at":1700000000000,"gate":"remove.1","type":"GateAgreed"}', 'a39b1e0468a9404cfa0f34e927ea4bebb83dc11687e8ba22e00bfebc470c5a6f');
INSERT INTO events VALUES ('run-4-1', 8, '{"at":1700000000000,"attempt":{"approvedBy":[{"id":"bob","name":"bob"},{"id":"carol","name":"carol"}],"at":1700000000000,"holder":"host:4:x","id":"run-4-1/remove/1.1"},"plan":{"call":{"name":"test.remove-peer","with":{}},"cluster":"prod","clusterId":"c-1","danger":"destructive","effect":"once","explain":{"call":"POST remove-peer","cost":"one voter less","proof":"it is gone"},"preconditions":[{"name":"voters","ok":true,"text":"3 voters","value":3}],"runbookDigest":"digest"},"step":"remove","type":"StepAttempted"}', '409c6e75d77ca7ef85aa6524d4c85f4f2a73a0f12906a8296402fcc18f1d989b');
PRAGMA application_id = 1397047628;
PRAGMA user_version = 2;
