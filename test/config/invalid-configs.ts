/** One file a mistake in test/fixtures/config, with all that is said about it. */
export const invalidConfigs: readonly { readonly name: string; readonly findings: readonly string[] }[] = [
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
      "8:9: a backup lands in a `directory` or in `s3`: say which (choice)",
      "9:9: keep `directory` or `s3`: a backup lands in one place (choice)",
      "10:27: `accessKeyId` and `secretAccessKey` belong together; give both or neither (choice)",
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
  { name: "invalid-empty", findings: ["1:1: the file must be a map, not nothing (invalid-value)"] },
  {
    name: "invalid-interval",
    findings: [
      '5:59: "interval" is refused: "daily" is not a duration; write for instance 30s, 5m or 1h30m (invalid-value)',
    ],
  },
  { name: "invalid-no-clusters", findings: ['1:1: "clusters" is missing; it must be a list (missing-key)'] },
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
  { name: "invalid-slack-without-channel", findings: ['5:1: "channel" is missing; it must be text (missing-key)'] },
  { name: "invalid-tab", findings: ["2:1: tabs are not allowed as indentation (yaml-syntax)"] },
  {
    name: "invalid-unknown-key-in-node",
    findings: [
      '4:9: "address" is missing; it must be text (missing-key)',
      '4:26: unknown key "adress"; did you mean "address"? (unknown-key)',
    ],
  },
  { name: "invalid-unknown-key", findings: ['5:1: unknown key "listn"; did you mean "listen"? (unknown-key)'] },
];
