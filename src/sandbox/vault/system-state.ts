import type { Timestamp } from "../../lib/clock.ts";

/**
 * What may make a simulated cluster slow: the audit, the leader's disk, all disks, the network between the nodes, a
 * storm of leases, one client, the seal's service, memory, or a backend of which the server's own metrics say nothing.
 */
export const SLOWNESSES = [
  "none",
  "audit",
  "disk",
  "disks",
  "network",
  "leases",
  "client",
  "seal",
  "memory",
  "backend",
] as const;

/** One of `SLOWNESSES`. */
export type Slowness = (typeof SLOWNESSES)[number];

/** Ceremony is a key ceremony that was started; a nonce of its own tells it from the next one. */
export type Ceremony = { readonly nonce: string; readonly shares: number; readonly threshold: number };

/** SystemState is what a simulated cluster keeps of its keys, its limits and its audit. */
export type SystemState = {
  /** Where the audit devices, all of them files, are mounted: `file-a/`. */
  auditDevices: readonly string[];
  /** Where auth methods are mounted, without `auth/` in front and slash behind. */
  authMethods: readonly string[];
  /** Requests that no audit device wrote down. */
  auditFailures: number;
  readonly quotas: Map<string, { readonly rate: number; readonly interval: number; readonly path: string }>;
  keyring: { readonly term: number; readonly installedAt: Timestamp; readonly encryptions: number };
  rootGeneration: Ceremony | undefined;
  rekey: Ceremony | undefined;
  readonly startedAt: Timestamp;
  /** What makes requests slow; the load that shows it comes with it. */
  slowness: Slowness;
};

/** Creates what a cluster has that was just initialized: one key, two audit devices, no quota, no ceremony. */
export function createSystemState(now: Timestamp): SystemState {
  return {
    auditDevices: ["file-a/", "file-b/"],
    authMethods: ["approle", "token", "userpass"],
    auditFailures: 0,
    quotas: new Map(),
    keyring: { term: 1, installedAt: now, encryptions: 3 },
    rootGeneration: undefined,
    rekey: undefined,
    startedAt: now,
    slowness: "none",
  };
}
