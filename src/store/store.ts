import type { AlertStore, Holders, MessageStore, RunStore } from "../runner/ports.ts";
import type { WalkLock } from "../exporter/lease-walk/walk-lock.ts";
import type { IdentityMemory } from "../vault/cluster.ts";

/** Store is everything that outlives the process, in one place that is opened and closed once. */
export type Store = {
  readonly runs: RunStore;
  readonly alerts: AlertStore;
  readonly messages: MessageStore;
  readonly holders: Holders;
  readonly identities: IdentityMemory;
  readonly walkLock: WalkLock;
  readonly close: () => void;
};
