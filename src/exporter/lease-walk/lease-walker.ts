import type { Exporter } from "../../config/sections/exporter.ts";
import type { Clock, Timers, Timestamp } from "../../lib/clock.ts";
import { toFailure } from "../../lib/failure.ts";
import { silentLogger, type Logger } from "../../lib/logger.ts";
import type { VaultCluster } from "../../vault/cluster.ts";
import type { Background } from "../collector.ts";
import { holdLock, LOCK_TTL_MS } from "../../lib/hold-lock.ts";
import { addWalk, type Tally } from "./tally.ts";
import { wait } from "../../lib/wait.ts";
import { walkActiveNode } from "./walk-active-node.ts";
import type { Shortfall, Walk } from "./walk-leases.ts";
import type { TimedLock } from "../../lib/timed-lock.ts";

/** Before the first walk, and after one that could not begin: nobody leads, or the last one is not long ago. In milliseconds. */
const PAUSE_MS = 60_000;

/** What the last walk was. */
export type LastWalk = {
  readonly durationMs: number;
  readonly requests: number;
  readonly shortfall: Shortfall | undefined;
};

/** What is known of a cluster's leases here and now. */
export type WalkView = {
  /** Whether it is this replica that walks. */
  readonly walker: boolean;
  readonly tally: Tally;
  readonly last: LastWalk | undefined;
  /** When the last walk ended that counted everything. */
  readonly succeededAt: Timestamp | undefined;
};

/** What walking one cluster takes. */
export type WalkerOptions = {
  readonly cluster: VaultCluster;
  readonly settings: Exporter["leaseWalk"];
  readonly lock: TimedLock;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger?: Logger;
};

/** LeaseWalker counts a cluster's leases again and again, on its own clock. */
export type LeaseWalker = Background & { readonly view: () => WalkView };

/** What is known before the first walk, and by a replica that does not walk. */
export const NOTHING_KNOWN: WalkView = { walker: false, tally: new Map(), last: undefined, succeededAt: undefined };

/**
 * Creates the walker of one cluster. Of several replicas one walks, for as long as it lives; one that has to leave it to another forgets what it
 * knew, so that no page has two truths.
 */
export function createLeaseWalker(options: WalkerOptions): LeaseWalker {
  const { cluster, settings, clock, timers, logger = silentLogger } = options;
  const stopped = new AbortController();
  const pauseMs = Math.min(PAUSE_MS, settings.interval);
  const noLock = createLockWarning(logger, cluster.name);
  let view = NOTHING_KNOWN;
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    await wait(pauseMs, timers, stopped.signal);
    while (!stopped.signal.aborted) {
      await takeTurn();
      await wait(LOCK_TTL_MS, timers, stopped.signal);
    }
  };
  const takeTurn = async (): Promise<void> => {
    const lock = await holdLock({ ...options, name: `lease-walk/${cluster.name}` }).catch(noLock);
    if (lock === undefined) return;
    const signal = AbortSignal.any([stopped.signal, lock.lost]);
    view = { ...NOTHING_KNOWN, walker: true };
    while (!signal.aborted) {
      const began = await beginDueWalk(signal).catch(noLock);
      await wait(began === true ? settings.interval : pauseMs, timers, signal);
    }
    view = NOTHING_KNOWN;
    await lock.release().catch(noLock);
  };
  /** Walks unless one began less than an interval ago, whoever did: a program that crashes again and again must not walk each time. */
  const beginDueWalk = async (signal: AbortSignal): Promise<boolean> => {
    const time = { at: clock.now(), ttlMs: settings.interval };
    const turn = await options.lock.acquire(`lease-walk/${cluster.name}/turn`, time);
    if (turn === undefined) return false;
    const { requests } = await walkOnce(signal);
    // One that could not begin, because nobody leads, cost nothing and is tried again soon.
    if (requests === 0) await options.lock.release(turn);
    return requests > 0;
  };
  const walkOnce = async (signal: AbortSignal): Promise<Walk> => {
    const startedAt = clock.now();
    const walk = await walkActiveNode({ ...options, limits: settings, tally: view.tally, signal });
    const { mounts, requests, shortfall } = walk;
    const endedAt = clock.now();
    view = {
      walker: true,
      tally: mounts.size === 0 ? view.tally : addWalk(view.tally, walk),
      last: { durationMs: endedAt - startedAt, requests, shortfall },
      succeededAt: shortfall === undefined ? endedAt : view.succeededAt,
    };
    if (!signal.aborted) logWalk(logger, cluster.name, walk);
    return walk;
  };
  return {
    view: () => view,
    start: () => {
      running ??= run();
    },
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}

function createLockWarning(logger: Logger, cluster: string): (error: unknown) => undefined {
  return (error) => {
    const facts = { vault_cluster: cluster, cause: toFailure(error).message };
    logger.warn("cannot tell which replica walks the leases", facts);
  };
}

function logWalk(logger: Logger, cluster: string, { requests, shortfall }: Walk): void {
  const facts = { vault_cluster: cluster, requests };
  if (shortfall === undefined) logger.info("all leases counted", facts);
  else if (typeof shortfall === "string") logger.warn("not all leases counted", { ...facts, reason: shortfall });
  else logger.warn("not all leases counted", { ...facts, reason: shortfall.reason, cause: shortfall.message });
}
