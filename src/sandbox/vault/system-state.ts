import type { Timestamp } from "../../lib/clock.ts";

/** Ceremony is a key ceremony that was started; a nonce of its own tells it from the next one. */
export type Ceremony = { readonly nonce: string; readonly shares: number; readonly threshold: number };

/** SystemState is what a simulated cluster keeps of its keys, its limits and its audit. */
export type SystemState = {
  /** Where the audit devices, all of them files, are mounted: `file-a/`. */
  auditDevices: readonly string[];
  readonly quotas: Map<string, { readonly rate: number; readonly interval: number; readonly path: string }>;
  keyring: { readonly term: number; readonly installedAt: Timestamp; readonly encryptions: number };
  rootGeneration: Ceremony | undefined;
  rekey: Ceremony | undefined;
};

/** Creates what a cluster has that was just initialized: one key, two audit devices, no quota, no ceremony. */
export function createSystemState(now: Timestamp): SystemState {
  return {
    auditDevices: ["file-a/", "file-b/"],
    quotas: new Map(),
    keyring: { term: 1, installedAt: now, encryptions: 3 },
    rootGeneration: undefined,
    rekey: undefined,
  };
}
