import type { Action, Check, Values } from "../../src/actions/action.ts";

/** The node that examples are about: the last of the three that contract suites make. */
export const TARGET = "vault-2";

/** With what the contract suites ask every check and every action. One without its line here fails them. */
const EXAMPLES: Readonly<Record<string, Values>> = {
  "backup.age": {},
  "backup.snapshot": { name: "before-upgrade.snap" },
  "exec.run": { name: "restart-vault", node: TARGET },
  "http.probe": { target: "website" },
  "investigation.list": { list: "leaked-ci" },
  "prometheus.query": { query: "up" },
  "prometheus.query-range": { query: "up", window: "30m" },
  "run.latest": { runbook: "emergency-seal", called: "vault.seal-cluster" },
  "vault.answer-time": {},
  "vault.audit-devices": {},
  "vault.audit-disable": { device: "file/" },
  "vault.auth-method": { path: "userpass" },
  "vault.autopilot": {},
  "vault.capabilities": { paths: "sys/metrics, sys/seal", capability: "update" },
  "vault.caught-up": { node: TARGET },
  "vault.clocks": {},
  "vault.cluster-nodes": {},
  "vault.cluster-ports": {},
  "vault.health": { node: TARGET },
  "vault.host": {},
  "vault.identity": {},
  "vault.key-ceremonies": {},
  "vault.key-status": {},
  "vault.latency": {},
  "vault.leader": {},
  "vault.lease": { lease_id: "database/creds/readonly/1a2b3c4d" },
  "vault.lease-culprits": {},
  "vault.lease-prefix": { prefix: "auth/userpass/login/alice" },
  "vault.leases": { prefix: "auth/userpass/login/alice/" },
  "vault.leases-count": {},
  "vault.metric": { name: "vault_expire_num_leases" },
  "vault.new-member": { known: "raft-0, raft-1" },
  "vault.open-nodes": {},
  "vault.quota": { name: "everybody" },
  "vault.raft-configuration": {},
  "vault.raft-peers": { node: TARGET },
  "vault.raft-remove-peer": { node: TARGET },
  "vault.rate-limit-quota-clear": { name: "everybody" },
  "vault.rate-limit-quota-set": { name: "everybody", path: "database/creds", rate: 50, interval_seconds: 10 },
  "vault.revoke-accessor": { accessor: "kq7uJ2mB" },
  "vault.revoke-list": { list: "leaked-ci" },
  "vault.revoke-prefix": { prefix: "auth/userpass/login/alice/" },
  "vault.rotate-keyring": { term: 3 },
  "vault.seal-cluster": { cluster: "prod" },
  "vault.seal-node": { node: TARGET },
  "vault.seal-status": { node: TARGET },
  "vault.snapshot-save": { name: "before-upgrade.snap" },
  "vault.stability": {},
  "vault.step-down": { node: TARGET },
  "vault.survivors": {},
  "vault.token": { accessor: "kq7uJ2mB" },
  "vault.upgrade-order": { target: "2.7.2", node: TARGET },
  "vault.versions": { target: "2.7.2" },
};

/** Gives an example of a valid input; throws for a name that has none. */
export function exampleOf({ name }: Pick<Check | Action, "name">): Values {
  const example = EXAMPLES[name];
  if (example === undefined) throw new Error(`${name} has no example input: add its line to ${import.meta.filename}`);
  return example;
}

/** By what an action's texts name what it is about, where that is no node. */
const TARGETS: Readonly<Record<string, string>> = {
  "vault.audit-disable": "file",
  "vault.rate-limit-quota-clear": "everybody",
  "vault.rate-limit-quota-set": "everybody",
  // Not in full: people only need to know which one it is.
  "vault.revoke-accessor": "kq7uJ2…",
  "vault.revoke-list": "leaked-ci",
  "vault.revoke-prefix": "auth/userpass/login/alice",
  "vault.rotate-keyring": "term",
  "vault.seal-cluster": "prod",
  "vault.snapshot-save": "before-upgrade.snap",
};

/** Gives the words by which an action's explanation names what its example is about. */
export function targetOf({ name }: Pick<Action, "name">): string {
  return TARGETS[name] ?? TARGET;
}
