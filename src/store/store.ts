import type { AlertStore, ClusterLocks, Holders, Inbox, MessageStore, Outbox, RunStore } from "../runner/ports.ts";
import type { TimedLock } from "../lib/timed-lock.ts";
import type { IdentityMemory } from "../vault/cluster.ts";

/** Store is everything that outlives the process, in one place that is opened and closed once. */
export type Store = {
  readonly runs: RunStore;
  readonly locks: ClusterLocks;
  readonly alerts: AlertStore;
  readonly messages: MessageStore;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly holders: Holders;
  readonly identities: IdentityMemory;
  readonly timedLock: TimedLock;
  /** Ends what it holds open; nothing may be asked of it afterwards. */
  readonly close: () => Promise<void> | void;
};

/** LocalStore is a store of this machine: it closes at once. */
export type LocalStore = Omit<Store, "close"> & { readonly close: () => void };
