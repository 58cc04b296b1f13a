import type { Exporter } from "../../config/sections/exporter.ts";
import type { Clock, Timers, Timestamp } from "../../lib/clock.ts";
import { toFailure, type Failure } from "../../lib/failure.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { listLeases } from "./list-leases.ts";
import { createPace } from "./pace.ts";
import { watchNode, type Warning, type Watch } from "./watch-node.ts";

/** What a walk may cost, from the configuration. */
export type WalkLimits = Omit<Exporter["leaseWalk"], "interval">;

/** Why a walk did not count everything: a limit of ours, what the node said of itself, or a failed call. */
export type Shortfall = "max-requests" | "max-depth" | Warning | Failure;

/** What a walk counted below one mount: at least so many leases, or exactly so many, at that time, when it came to the end of it. */
export type MountCount = { readonly leases: number; readonly wholeAt: Timestamp | undefined };

/** What a walk found; `shortfall` is undefined when it counted everything. */
export type Walk = {
  /** By mount, for instance `auth/userpass/`; also those that it did not come to. */
  readonly mounts: ReadonlyMap<string, MountCount>;
  /** Lists that were asked for. */
  readonly requests: number;
  readonly shortfall: Shortfall | undefined;
};

/** What a walk needs: the active node, its mounts in the order in which they are counted, and when to give up. */
export type WalkOptions = {
  readonly node: VaultNode;
  readonly mounts: readonly string[];
  readonly limits: WalkLimits;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly signal: AbortSignal;
};

type Progress = { readonly mounts: Map<string, MountCount>; requests: number };

type Tools = WalkOptions & {
  readonly pace: (signal: AbortSignal) => Promise<void>;
  readonly watch: Watch;
};

/** Counts the leases below each mount, level by level and one list at a time; never throws. */
export async function walkLeases(options: WalkOptions): Promise<Walk> {
  const { node, mounts, limits, clock, signal } = options;
  const progress: Progress = {
    mounts: new Map(mounts.map((mount) => [mount, { leases: 0, wholeAt: undefined }])),
    requests: 0,
  };
  try {
    const watch = await watchNode({ node, clock, signal, maxLatency: limits.maxLatency });
    const pace = createPace(limits.requestsPerSecond, options);
    const shortfall = await walkMounts(progress, { ...options, pace, watch });
    return { ...progress, shortfall };
  } catch (error) {
    return { ...progress, shortfall: toFailure(error) };
  }
}

async function walkMounts(progress: Progress, tools: Tools): Promise<Shortfall | undefined> {
  let tooDeep: Shortfall | undefined;
  for (const mount of progress.mounts.keys()) {
    const shortfall = await walkMount(progress, mount, tools);
    // A mount that is too deep says nothing of the others; everything else ends the walk.
    if (shortfall === "max-depth") tooDeep = shortfall;
    else if (shortfall !== undefined) return shortfall;
  }
  return tooDeep;
}

async function walkMount(progress: Progress, mount: string, tools: Tools): Promise<Shortfall | undefined> {
  const { node, limits, clock, signal, pace, watch } = tools;
  const waiting = [{ prefix: mount, depth: 1 }];
  let leases = 0;
  let tooDeep = false;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (progress.requests >= limits.maxRequests) return "max-requests";
    await pace(signal);
    progress.requests++;
    // One prefix more than there may be requests for: it is then left over, and says that there was more.
    const maxPrefixes = limits.maxRequests - progress.requests + 1;
    const list = await listLeases(node, next.prefix, { maxPrefixes, signal });
    leases += list.leases;
    progress.mounts.set(mount, { leases, wholeAt: undefined });
    const { prefix, depth } = next;
    if (depth >= limits.maxDepth) tooDeep ||= list.prefixes.length > 0;
    else for (const name of list.prefixes) waiting.push({ prefix: prefix + name, depth: depth + 1 });
    // No mount is called whole unless the node still led, and was well, after its last list.
    const warning = await watch(waiting.length === 0);
    if (warning !== undefined) return warning;
  }
  if (tooDeep) return "max-depth";
  progress.mounts.set(mount, { leases, wholeAt: clock.now() });
  return undefined;
}
