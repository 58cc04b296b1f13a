import type { Timestamp } from "../lib/clock.ts";

/** What is known of a cluster without asking anybody now: what the last looks found, and when. */
export type ClusterFacts = {
  readonly cluster: string;
  /** When it was looked at. */
  readonly at: Timestamp;
  /** `shamir`, `awskms` …; undefined while no node tells. */
  readonly sealType: string | undefined;
  readonly nodes: readonly NodeFacts[];
  /** Healthy voters beyond quorum: how many more may be lost. Undefined where raft or the token to read it is missing. */
  readonly margin: number | undefined;
};

/** A node as it was found. */
export type NodeFacts = {
  readonly name: string;
  readonly state: "active" | "standby" | "no-leader" | "sealed" | "uninitialized" | "unreachable";
  /** Key shares entered, of how many, while it is sealed by Shamir. */
  readonly progress?: { readonly entered: number; readonly threshold: number };
  readonly version: string | undefined;
};

/** A place where backups land, and the newest one there. */
export type BackupFacts = {
  readonly cluster: string;
  /** Name of the backup in the configuration. */
  readonly name: string;
  /** When it was looked at; undefined before the first look. */
  readonly at: Timestamp | undefined;
  readonly newest: { readonly at: Timestamp; readonly bytes: number } | undefined;
  readonly maxAgeMs: number | undefined;
  readonly state: "fresh" | "stale" | "missing" | "unknown";
  /** Why it is unknown. */
  readonly why: string | undefined;
};

/** Leases of a cluster as they were last counted. */
export type LeaseFacts = {
  readonly cluster: string;
  readonly at: Timestamp | undefined;
  readonly total: number | undefined;
  readonly irrevocable: number | undefined;
  /** Largest first, at most ten. */
  readonly byMount: readonly { readonly mount: string; readonly count: number }[];
  /** Why something is missing, and what to do. */
  readonly why: string | undefined;
};

/** A runbook that should be practised, and when that is due. */
export type DrillFacts = {
  readonly runbook: string;
  readonly title: string;
  readonly everyMs: number;
  /** When a drill of it was last resolved. */
  readonly lastAt: Timestamp | undefined;
  readonly dueAt: Timestamp | undefined;
};

/**
 * Insight is what the bot shows besides runs and alerts. Nothing in it rejects or takes longer than three seconds: what cannot be read is
 * undefined, with the reason where there is one.
 */
export type Insight = {
  /** Reads a cluster's nodes now (token-free), at most once in five seconds for everybody who asks. */
  readonly cluster: (name: string) => Promise<ClusterFacts | undefined>;
  readonly backups: () => Promise<readonly BackupFacts[]>;
  readonly leases: (cluster: string) => Promise<LeaseFacts>;
  readonly drills: () => Promise<readonly DrillFacts[]>;
};
