import type { Timestamp } from "../lib/clock.ts";

/** One point of a series: Unix time in milliseconds, and the value. */
export type SeriesPoint = readonly [at: Timestamp, value: number];

/** A series with its labels, as Prometheus gives it. */
export type Series = { readonly labels: Readonly<Record<string, string>>; readonly points: readonly SeriesPoint[] };

/** PrometheusApi asks the configured Prometheus (`/api/v1/query`, `/api/v1/query_range`); throws `FailureError`. */
export type PrometheusApi = {
  readonly query: (query: string, options: { readonly signal: AbortSignal }) => Promise<readonly Series[]>;
  readonly queryRange: (
    query: string,
    range: {
      readonly from: Timestamp;
      readonly to: Timestamp;
      readonly stepMs: number;
      readonly signal: AbortSignal;
    },
  ) => Promise<readonly Series[]>;
};

/** What an HTTP probe of a configured target saw; a failure to connect is a result too. */
export type HttpProbeResult = {
  readonly reached: boolean;
  /** 0 when it was not reached. */
  readonly status: number;
  readonly milliseconds: number;
  /** Why it was not reached; empty when it was. */
  readonly failure: string;
};

/** HttpProbes asks targets that the configuration names, without any token; throws reason `not-found` for another name. */
export type HttpProbes = {
  readonly names: readonly string[];
  readonly probe: (name: string, options: { readonly signal: AbortSignal }) => Promise<HttpProbeResult>;
};

/** What is known of a snapshot that was stored. */
export type StoredSnapshot = {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 in hex of the whole file. */
  readonly sha256: string;
  /** The raft index in its metadata. */
  readonly index: number;
};

/** SnapshotTarget keeps snapshots where the configuration says; a file is there whole, or not at all. */
export type SnapshotTarget = {
  /** Where it is, in words, for the gate. */
  readonly describe: (cluster: string) => string | undefined;
  /** Stores a snapshot from its stream, checked (gzip, tar, every sum) before it gets its name. Throws `FailureError`. */
  readonly save: (
    cluster: string,
    name: string,
    content: AsyncIterable<Uint8Array>,
    options: { readonly signal: AbortSignal },
  ) => Promise<StoredSnapshot>;
  /** Finds a stored snapshot by its name and reads it again, sums included; undefined when it is not there or not whole. */
  readonly find: (
    cluster: string,
    name: string,
    options: { readonly signal: AbortSignal },
  ) => Promise<StoredSnapshot | undefined>;
};

/** BackupAge tells when the newest backup of a cluster landed, over all its destinations; undefined when none is known. */
export type BackupAge = {
  readonly newest: (
    cluster: string,
    options: { readonly signal: AbortSignal },
  ) => Promise<{ readonly destination: string; readonly at: Timestamp } | undefined>;
};

/** What checks and actions may use besides the cluster. */
export type ActionServices = {
  readonly prometheus?: PrometheusApi;
  readonly httpProbes?: HttpProbes;
  readonly snapshots?: SnapshotTarget;
  readonly backups?: BackupAge;
};
