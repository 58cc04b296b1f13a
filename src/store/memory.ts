import type { AlertGroup, AlertStore, Holders, MessageStore, RunStore, SentMessage } from "../runner/ports.ts";
import type { LockHold, WalkLock } from "../exporter/lease-walk/walk-lock.ts";
import type { ClusterIdentity, IdentityMemory } from "../vault/cluster.ts";
import type { Timestamp } from "../lib/clock.ts";
import { ConcurrencyError } from "../lib/concurrency-error.ts";
import { CHAIN_START, extendChain, firstBreak, type ChainEntry } from "./chain.ts";
import { holderLives, thisMachine, type Machine } from "./holder.ts";
import type { Store } from "./store.ts";
import { readEvent, writeEvent } from "./stored-event.ts";

/** Makes a store that forgets everything at the end of the process: for tests, the demo and runbook tests. */
export function createMemoryStore(options: { readonly machine?: Machine } = {}): Store {
  return {
    runs: createRuns(),
    alerts: createAlerts(),
    messages: createMessages(),
    holders: createHolders(options.machine ?? thisMachine),
    identities: createIdentities(),
    walkLock: createWalkLock(),
    close: () => {},
  };
}

type HeldRun = { readonly entries: ChainEntry[]; open: boolean };

function createRuns(): RunStore {
  const runs = new Map<string, HeldRun>();
  const headOf = ({ entries }: HeldRun) => ({ version: entries.length, head: entries.at(-1)?.hash ?? CHAIN_START });
  return {
    async append(runId, expected, events) {
      const run = runs.get(runId) ?? { entries: [], open: true };
      if (run.entries.length !== expected) throw new ConcurrencyError(runId, expected, run.entries.length);
      if (events.length === 0) return;
      run.entries.push(...extendChain(runId, headOf(run), events.map(writeEvent)));
      run.open &&= !events.some((event) => event.type === "RunFinished");
      runs.set(runId, run);
    },
    async read(runId) {
      return (runs.get(runId)?.entries ?? []).map((entry) => readEvent(runId, entry, "memory"));
    },
    async list({ open, limit }) {
      const ids = [...runs].filter(([, run]) => open === undefined || run.open === open).map(([id]) => id);
      return ids.reverse().slice(0, limit);
    },
    async verify(runId) {
      const run = runs.get(runId);
      return run === undefined ? undefined : firstBreak(runId, run.entries, headOf(run));
    },
  };
}

function createAlerts(): AlertStore {
  const groups = new Map<string, AlertGroup>();
  return {
    async put(group) {
      const held = groups.get(group.key);
      if (held === undefined || group.receivedAt >= held.receivedAt) groups.set(group.key, structuredClone(group));
    },
    get: async (key) => structuredClone(groups.get(key)),
    list: async () => [...groups.values()].map((group) => structuredClone(group)).sort(newestFirst),
  };
}

function newestFirst(left: AlertGroup, right: AlertGroup): number {
  return right.receivedAt - left.receivedAt || (left.key < right.key ? -1 : 1);
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
    beat: (holder, at) => void beats.set(holder, at),
    isAlive: (holder, at) => holderLives(holder, { beatAt: beats.get(holder), at }, machine),
    leave: (holder) => void beats.delete(holder),
  };
}

function createIdentities(): IdentityMemory {
  const identities = new Map<string, ClusterIdentity>();
  return {
    load: (cluster) => identities.get(cluster),
    save: (cluster, identity) => void identities.set(cluster, { ...identity }),
  };
}

function createWalkLock(): WalkLock {
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
