import type { Host } from "./host-between.ts";

/** Spent is how often something was done in the window, and how many milliseconds all of it took together. */
export type Spent = { readonly count: number; readonly ms: number };

/** Worked is what the active node's own metrics say of the window; times are in milliseconds. */
export type Worked = {
  /** Requests and logins that ended, from their beginning until both of their audit entries were written. */
  readonly requests: Spent;
  /** Writing both entries of a request, on all devices. */
  readonly audit: Spent;
  /** The device that took longest; its name has underscores for all that is no letter. */
  readonly slowestDevice: { readonly name: string; readonly spent: Spent } | undefined;
  readonly reads: Spent;
  readonly writes: Spent;
  /** From an entry's beginning until a majority has it on disk. */
  readonly commits: Spent;
  /** The node's own writes of raft's log to its disk. */
  readonly disk: Spent;
  /** The way to the followers and back, their disks included. */
  readonly replication: Spent;
  /** Calls to the seal: to a KMS, where it is one. */
  readonly seal: Spent;
  /** How long the seal has been unreachable by the node's own look at it (every minute or ten); 0 when it is well. */
  readonly sealUnreachableMs: number;
  readonly leases: {
    readonly count: number;
    readonly perSecond: number;
    readonly queue: number;
    readonly revokedPerSecond: number;
  };
  readonly goroutines: number;
  /** Share of the window in which everything stood still for the garbage collector. */
  readonly gcShare: number;
  readonly heapBytes: number;
  /** 0 where it is not told. */
  readonly residentBytes: number;
};

/** Timed is what our own requests to one node took: the milliseconds of those that were answered, and how many were not in time. */
export type Timed = { readonly ms: readonly number[]; readonly unanswered: number };

/** Own is what sealwatch itself met: `sys/health` needs no token and no audit entry, the other is a real request that reads almost nothing. */
export type Own = { readonly health: Timed; readonly read: Timed };

/** Follower is another unsealed node: our own request to it, and its own writes to its disk; undefined where it does not say. */
export type Follower = { readonly name: string; readonly read: Timed; readonly disk: Spent | undefined };

/** Crowd is who was being served at the moments at which we looked. */
export type Crowd = {
  /** How many were served at a time, on average and without us. */
  readonly atOnce: number;
  readonly oldestMs: number;
  /** The client with most of them. */
  readonly busiest: Client | undefined;
};

/** Client is whoever asks most, and where. */
export type Client = {
  /** Opaque and short: no address, no accessor. */
  readonly name: string;
  /** Its part of all that was served and whose caller the server knew yet, from 0 to 1. */
  readonly share: number;
  /** The mount that it asks most, with a slash behind, and which part of its requests goes there. */
  readonly mount: string;
  readonly mountShare: number;
  /** Requests that ended on that mount, from everybody, in a second; undefined where the metrics do not say. */
  readonly mountPerSecond: number | undefined;
};

/** Why the active node's metrics could not be read twice: they did not come in time, or not at all. */
export type NoMetrics = "unanswered" | "refused";

/** LatencyFacts is all that was measured of a cluster within some seconds. */
export type LatencyFacts = {
  readonly seconds: number;
  readonly worked: Worked | NoMetrics;
  readonly own: Own;
  readonly followers: readonly Follower[];
  /** Undefined when it could not be read. */
  readonly crowd: Crowd | undefined;
  /** The machine of the active node in the window. */
  readonly host: Host | undefined;
};

/** Gives the milliseconds of one on average; 0 of none. */
export function averageMs({ count, ms }: Spent): number {
  return count === 0 ? 0 : ms / count;
}

/** Gives the middle of what was answered; undefined when nothing was. */
export function medianMs({ ms }: Timed): number | undefined {
  return [...ms].sort((left, right) => left - right)[Math.floor(ms.length / 2)];
}
