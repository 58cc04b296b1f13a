import type { Holders, MessageStore, SentMessage } from "../runner/ports.ts";
import type { LockHold, TimedLock } from "../lib/timed-lock.ts";
import type { ClusterIdentity, IdentityMemory } from "../vault/cluster.ts";
import type { Timestamp } from "../lib/clock.ts";
import { holderLives, thisMachine, type Machine } from "./holder.ts";
import { createMemoryAlerts } from "./memory/alerts.ts";
import { createMemoryInbox } from "./memory/inbox.ts";
import { createMemoryLocks, type HeldLocks } from "./memory/locks.ts";
import { createMemoryOutbox } from "./memory/outbox.ts";
import { createMemoryRuns, type HeldRuns } from "./memory/runs.ts";
import type { LocalStore } from "./store.ts";

/** Makes a store that forgets everything at the end of the process: for tests, the demo and runbook tests. */
export function createMemoryStore(options: { readonly machine?: Machine } = {}): LocalStore {
  const runs: HeldRuns = new Map();
  const locks: HeldLocks = new Map();
  const outbox = createMemoryOutbox();
  return {
    runs: createMemoryRuns({ runs, locks, outbox }),
    locks: createMemoryLocks(locks, (runId) => runs.get(runId)?.open === false),
    alerts: createMemoryAlerts(outbox),
    messages: createMessages(),
    outbox,
    inbox: createMemoryInbox(),
    holders: createHolders(options.machine ?? thisMachine),
    identities: createIdentities(),
    timedLock: createTimedLock(),
    close: () => {},
  };
}

function createMessages(): MessageStore {
  const messages = new Map<string, SentMessage>();
  return {
    get: async (key) => messages.get(key),
    put: async (message) => void messages.set(message.key, { ...message }),
    list: async (prefix) =>
      [...messages.values()]
        .filter(({ key }) => key.startsWith(prefix))
        .sort((left, right) => (left.key < right.key ? -1 : 1)),
  };
}

function createHolders(machine: Machine): Holders {
  const beats = new Map<string, Timestamp>();
  return {
    beat: async (holder, at) => void beats.set(holder, at),
    isAlive: async (holder, at) => holderLives(holder, { beatAt: beats.get(holder), at }, machine),
    leave: async (holder) => void beats.delete(holder),
  };
}

function createIdentities(): IdentityMemory {
  const identities = new Map<string, ClusterIdentity>();
  return {
    load: (cluster) => identities.get(cluster),
    save: (cluster, identity) => void identities.set(cluster, { ...identity }),
  };
}

function createTimedLock(): TimedLock {
  const locks = new Map<string, { readonly epoch: number; expiresAt: Timestamp }>();
  const held = ({ name, epoch }: LockHold) => [locks.get(name)].find((lock) => lock?.epoch === epoch);
  return {
    acquire: async (name, { at, ttlMs }) => {
      const before = locks.get(name);
      if (before !== undefined && before.expiresAt > at) return undefined;
      const epoch = (before?.epoch ?? 0) + 1;
      locks.set(name, { epoch, expiresAt: at + ttlMs });
      return { name, epoch };
    },
    renew: async (hold, { at, ttlMs }) => {
      const lock = held(hold);
      if (lock !== undefined) lock.expiresAt = at + ttlMs;
      return lock !== undefined;
    },
    release: async (hold) => {
      const lock = held(hold);
      if (lock !== undefined) lock.expiresAt = 0;
    },
  };
}
