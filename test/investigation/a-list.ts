import { REVOCATION_LIST_FORMAT, type RevocationList } from "../../src/investigation/revocation-list.ts";

/** An actor as a list has it. */
export const ACTOR = {
  displayName: "token-ci",
  entityId: "",
  first: "2026-01-01T00:00:00.000Z",
  last: "2026-01-01T00:10:00.000Z",
  requests: 3,
  errors: 1,
  mounts: { "secret/": 3 },
  operations: { read: 2, update: 1 },
};

/** A list of one token. */
export function aList(change: Partial<RevocationList> = {}): RevocationList {
  return {
    format: REVOCATION_LIST_FORMAT,
    cluster: "prod",
    name: "leaked-ci",
    madeAt: "2026-01-01T01:00:00.000Z",
    source: {
      files: [{ name: "audit.log.gz", bytes: 7, sha256: `sha256:${"ab".repeat(32)}` }],
      from: "2026-01-01T00:00:00.000Z",
      to: null,
      device: "file",
    },
    items: [{ id: 1, accessor: "kq7uJ2mB9xZcQ1", ...ACTOR }],
    unresolved: [],
    ...change,
  };
}
