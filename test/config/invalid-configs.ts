/** One file a mistake in test/fixtures/config, with all that is said about it. */
export const invalidConfigs: readonly { readonly name: string; readonly findings: readonly string[] }[] = [
  {
    name: "invalid-access-duplicates",
    findings: [
      '9:53: another person has "alice@example.com" already; every oidc stands for one (duplicate-name)',
      '12:15: another group has "dba" already; every name stands for one (duplicate-name)',
    ],
  },
  {
    name: "invalid-access-issuer",
    findings: [
      '6:3: "audience" is missing; it must be text (missing-key)',
      '6:19: "issuer" must be an address like https://vault-0.example:8200, not "issuer.example" (invalid-value)',
      '6:43: "maxAge" is refused: a time of at least 1s is wanted (invalid-value)',
      '6:49: unknown key "subject"; known: audience, caFile, groupsClaim, issuer, maxAge, subjectClaim (unknown-key)',
    ],
  },
  {
    name: "invalid-access-issuer-in-the-clear",
    findings: [
      "6:19: whoever is on the way could sign for anybody: https is needed, but on loopback (unprotected-issuer)",
    ],
  },
  {
    name: "invalid-access-no-source",
    findings: [
      "7:42: nobody says whose ID tokens these are: write `access.oidc` (no-issuer)",
      "9:52: no Slack is configured that could tell who is in it (no-slack)",
      "9:70: nobody says whose ID tokens these are: write `access.oidc` (no-issuer)",
    ],
  },
  {
    name: "invalid-access-nobody",
    findings: [
      '7:15: "alice" can never have a role: give `role`, or a group (no-role)',
      '8:15: "slack:" begins the ids of people who are not listed (reserved-name)',
      "10:7: nobody can be in this group: give `people`, `slackUserGroup` or `claim` (empty-group)",
      "11:15: nobody can have the role admin: give it to someone (no-role)",
    ],
  },
  {
    name: "invalid-access-two-ids-oidc",
    findings: [
      '7:15: a claim of ID tokens makes people members who are not listed, and "alice" could be one of them under a second id, with a second vote: give `oidc`, or `oidc: none` (two-ids)',
    ],
  },
  {
    name: "invalid-access-two-ids-slack",
    findings: [
      '8:15: a Slack user group makes people members who are not listed, and "alice" could be one of them under a second id, with a second vote: give `slack`, or `slack: none` (two-ids)',
    ],
  },
  {
    name: "invalid-access-unknown-names",
    findings: [
      '7:45: there is no group "dbas"; did you mean "dba"? (unknown-name)',
      '9:45: there is no person "alise"; did you mean "alice"? (unknown-name)',
      '9:52: there is no person "bob"; known: alice (unknown-name)',
    ],
  },
  {
    name: "invalid-address-of-another-scheme",
    findings: [
      '4:35: "address" must be an address like https://vault-0.example:8200, not "ftp://vault-0.example:8200" (invalid-value)',
    ],
  },
  {
    name: "invalid-address-without-scheme",
    findings: [
      '4:35: "address" must be an address like https://vault-0.example:8200, not "vault-0.example:8200" (invalid-value)',
    ],
  },
  { name: "invalid-ca-file-missing", findings: ["5:20: the file /not/there.pem cannot be read (unreadable-file)"] },
  {
    name: "invalid-ca-file-not-pem",
    findings: ["5:20: the file /run/secrets/vault-token is not PEM (unreadable-file)"],
  },
  {
    name: "invalid-choices",
    findings: [
      "4:16: raft tells of nodes only where one is known: list at least one under `nodes` (choice)",
      "6:11: `token` is given already; keep `token` or `auth` (choice)",
      "8:15: `operatorToken` is given already; keep `operator` (a token for each approved call) or `operatorToken` (one for all) (choice)",
      "10:9: a backup lands in a `directory` or in `s3`: say which (choice)",
      "11:9: keep `directory` or `s3`: a backup lands in one place (choice)",
      "12:27: `accessKeyId` and `secretAccessKey` belong together; give both or neither (choice)",
    ],
  },
  { name: "invalid-cluster-name", findings: ['2:11: "name" must be a lower-case name, not "Prod EU" (invalid-value)'] },
  {
    name: "invalid-collector",
    findings: [
      '5:32: item 2 of "collectors" must be one of node, leadership, raft, backup, leases, lease-walk, tokens, audit, keyring, ceremonies, quotas, kms, license, replication, own-token, not "rafts"; did you mean "raft"? (invalid-value)',
    ],
  },
  {
    name: "invalid-duplicate-cluster",
    findings: ['5:11: another cluster has "prod" already; every name stands for one (duplicate-name)'],
  },
  { name: "invalid-duplicate-key", findings: ["6:1: this key is there already; keep one of them (duplicate-key)"] },
  {
    name: "invalid-duplicate-node",
    findings: [
      '5:17: another node of this cluster has "vault-0" already; every name stands for one (duplicate-name)',
      '5:35: another node of this cluster has "https://vault-0.example:8200" already; every address stands for one (duplicate-name)',
    ],
  },
  {
    name: "invalid-duplicate-person",
    findings: ['8:40: another person has "U1" already; every slack stands for one (duplicate-name)'],
  },
  {
    name: "invalid-duplicate-probe",
    findings: ['6:13: another probe has "login" already; every name stands for one (duplicate-name)'],
  },
  { name: "invalid-empty", findings: ["1:1: the file must be a map, not nothing (invalid-value)"] },
  {
    name: "invalid-exec",
    findings: [
      '5:89: there is no cluster "prd"; did you mean "prod"? (unknown-cluster)',
      '6:13: another program has "restart" already; every name stands for one (duplicate-name)',
    ],
  },
  {
    name: "invalid-interval",
    findings: [
      '5:59: "interval" is refused: "daily" is not a duration; write for instance 30s, 5m or 1h30m (invalid-value)',
    ],
  },
  { name: "invalid-no-clusters", findings: ['1:1: "clusters" is missing; it must be a list (missing-key)'] },
  {
    name: "invalid-prometheus",
    findings: [
      '5:8: "url" is refused: an address without user, password and query: they would be shown in errors (invalid-value)',
      '6:12: "timeout" is refused: a time of at least 1s is wanted (invalid-value)',
      '8:13: "name" must be a lower-case name, not "Web Site" (invalid-value)',
      '9:25: "url" must be an address like https://vault-0.example:8200, not "ftp://login.example" (invalid-value)',
      '10:23: "url" is refused: an address without user and password: a probe sends no secret (invalid-value)',
      '10:66: unknown key "follow"; known: caFile, name, timeout, url (unknown-key)',
    ],
  },
  {
    name: "invalid-no-nodes",
    findings: ["2:5: this cluster has no nodes: list them under `nodes`, or say where with `discovery` (choice)"],
  },
  {
    name: "invalid-no-pause",
    findings: [
      '5:62: "refresh" is refused: a time of at least 1s is wanted (invalid-value)',
      '6:36: "interval" is refused: a time of at least 1s is wanted (invalid-value)',
    ],
  },
  {
    name: "invalid-postgres",
    findings: [
      '2:3: "host" is missing; it must be text (missing-key)',
      '3:11: "port" must be at most 65535 (invalid-value)',
      '4:15: "password" must be { file: … } or { env: … }, never the secret itself, not text (invalid-value)',
      '5:18: "mode" must be one of disable, require, verify-ca, verify-full, not "verify-fully"; did you mean "verify-full"? (invalid-value)',
    ],
  },
  {
    name: "invalid-operator-role",
    findings: [
      '6:18: "tokenRole" must be a name without slashes, like sealwatch-operator, not "ops/sealwatch" (invalid-value)',
      '7:21: "policyPrefix" must be a lower-case beginning, like sealwatch-, not "Sealwatch-" (invalid-value)',
    ],
  },
  {
    name: "invalid-operator-without-auth",
    findings: ['4:5: "auth" is missing; it must be a map (missing-key)'],
  },
  {
    name: "invalid-role",
    findings: [
      '5:41: "role" must be one of viewer, responder, approver, admin, not "aprover"; did you mean "approver"? (invalid-value)',
    ],
  },
  {
    name: "invalid-secret-empty",
    findings: [
      "5:24: cannot read the secret from variable EMPTY: it is empty; write the secret into it (unreadable-secret)",
    ],
  },
  {
    name: "invalid-secret-file-missing",
    findings: [
      "6:13: cannot read the secret from file /not/there: there is no such file; create it or name another (unreadable-secret)",
    ],
  },
  {
    name: "invalid-secret-in-place",
    findings: ['5:12: "token" must be { file: … } or { env: … }, never the secret itself, not text (invalid-value)'],
  },
  {
    name: "invalid-secret-misspelt-source",
    findings: ['5:12: "token" must be { file: … } or { env: … }, never the secret itself (invalid-value)'],
  },
  {
    name: "invalid-secret-of-several-lines",
    findings: [
      "5:24: cannot read the secret from variable SEVERAL_LINES: it has several lines; a secret is one line (unreadable-secret)",
    ],
  },
  { name: "invalid-secret-of-two-sources", findings: ['5:40: unknown key "env"; known: file (unknown-key)'] },
  {
    name: "invalid-secret-token",
    findings: [
      '5:12: "token" must be { file: … } or { env: … }, never the secret itself, not text (invalid-value)',
      "5:12: this looks like a Vault token; take it out, and rotate it if it is real (secret-in-text)",
    ],
  },
  {
    name: "invalid-secret-variable-unset",
    findings: [
      "5:24: cannot read the secret from variable NOT_SET: the variable is not set; set it or name another (unreadable-secret)",
    ],
  },
  {
    name: "invalid-several",
    findings: [
      '2:5: "name" is missing; it must be text (missing-key)',
      '2:5: unknown key "nmae"; did you mean "name"? (unknown-key)',
      '5:15: "level" must be one of debug, info, warn, error, not "loud" (invalid-value)',
      '6:8: "store" must be a map, not text (invalid-value)',
      '7:22: "timeout" must be a time with its unit, like 30s, 5m or 1h30m, not a number (invalid-value)',
    ],
  },
  {
    name: "invalid-slack-http",
    findings: [
      "5:1: mode http needs `signingSecret`; `appToken` is for mode socket (choice)",
      '10:15: there is no cluster "prd"; did you mean "prod"? (unknown-name)',
      "12:18: people are reminded first: `escalateAfter` must be longer than `remindAfter` (choice)",
    ],
  },
  {
    name: "invalid-slack-ids",
    findings: [
      '8:12: "channel" must be a channel id like C0123ABCD (the last line of the channel\'s details), not "#vault-incidents" (invalid-value)',
      '9:21: "prod" must be a channel id like C0123ABCD (the last line of the channel\'s details), not "vault" (invalid-value)',
      '10:16: "connections" must be at most 4 (invalid-value)',
      '11:15: "escalateTo" must be an id of a channel (C…), a user group (S…) or a person (U…), not "@dba" (invalid-value)',
    ],
  },
  { name: "invalid-slack-without-app-token", findings: ["5:1: mode socket needs `appToken` (choice)"] },
  { name: "invalid-slack-without-channel", findings: ['5:1: "channel" is missing; it must be text (missing-key)'] },
  { name: "invalid-tab", findings: ["2:1: tabs are not allowed as indentation (yaml-syntax)"] },
  {
    name: "invalid-two-stores",
    findings: [
      "4:5: `path` is given already; keep `path` or `postgres` (choice)",
      "5:15: cannot read the secret from variable NOWHERE: the variable is not set; set it or name another (unreadable-secret)",
      "6:20: the file /not/there.pem cannot be read (unreadable-file)",
    ],
  },
  {
    name: "invalid-unknown-key-in-node",
    findings: [
      '4:9: "address" is missing; it must be text (missing-key)',
      '4:26: unknown key "adress"; did you mean "address"? (unknown-key)',
    ],
  },
  { name: "invalid-unknown-key", findings: ['5:1: unknown key "listn"; did you mean "listen"? (unknown-key)'] },
];
