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

/** A program that the configuration names, for a cluster. Whole arguments `{node}`, `{cluster}` and `{address}` are filled in before it runs. */
export type ExecCommand = {
  readonly name: string;
  readonly description: string;
  readonly argv: readonly string[];
  readonly clusters: readonly string[] | undefined;
  readonly directory: string;
  readonly timeoutMs: number;
  /** How its effect is looked for; `notDone` are the exit codes that say that it surely is not there. */
  readonly verify:
    { readonly argv: readonly string[]; readonly notDone: readonly number[]; readonly timeoutMs: number } | undefined;
};

/** How a program ended: its exit code (-1 when a signal ended it), and the redacted end of its output. */
export type ProcessEnd = {
  readonly exitCode: number;
  /** The signal; empty when it ended by itself. */
  readonly endedBy: string;
  readonly timedOut: boolean;
  readonly output: string;
  /** There was more output before. */
  readonly cut: boolean;
};

/** ExecCommands finds configured programs and runs them without a shell; throws `FailureError`. */
export type ExecCommands = {
  readonly names: (cluster: string) => readonly string[];
  readonly find: (cluster: string, name: string) => ExecCommand | undefined;
  readonly isExecutable: (program: string, options: { readonly signal: AbortSignal }) => Promise<boolean>;
  /** Runs a command, which may change anything: only for a call that people agreed to. */
  readonly run: (
    command: ExecCommand,
    argv: readonly string[],
    options: { readonly signal: AbortSignal },
  ) => Promise<ProcessEnd>;
  /** Runs what looks for a command's effect and changes nothing. */
  readonly verify: (
    command: ExecCommand,
    argv: readonly string[],
    options: { readonly signal: AbortSignal },
  ) => Promise<ProcessEnd>;
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

/** What came of a connection to a port, over which nothing was sent. */
export type PortResult = {
  readonly reached: boolean;
  readonly milliseconds: number;
  /** Why it was not reached; empty when it was. */
  readonly failure: string;
};

/** ConnectPort opens a TCP connection from this machine to `host:port` and closes it, without a byte; throws reason `aborted` alone. */
export type ConnectPort = (
  address: string,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
) => Promise<PortResult>;

/** Pause waits by another clock than the machine's: that of a rehearsal. Resolves early when the signal ends. */
export type Pause = (milliseconds: number, options: { readonly signal: AbortSignal }) => Promise<void>;

/** What is known of a run that began earlier; a dry run is none. */
export type PastRun = {
  readonly id: string;
  readonly startedBy: string;
  readonly startedAt: Timestamp;
  /** Undefined while it is open. */
  readonly endedAt: Timestamp | undefined;
  /** `resolved`, `stopped`, `failed` or `aborted`; empty while it is open. */
  readonly outcome: string;
  readonly drill: boolean;
  /** Names of the actions whose call left the program, or may have, with the time of each. */
  readonly calls: readonly { readonly action: string; readonly at: Timestamp }[];
};

/** RunHistory tells of the runs of a cluster, those of one runbook, newest first; each is read only when it is asked for. */
export type RunHistory = {
  readonly of: (
    which: { readonly cluster: string; readonly runbook: string },
    options: { readonly signal: AbortSignal },
  ) => AsyncIterable<PastRun>;
};

/** A token of a revocation list. Its accessor is for the call alone and is never shown. */
export type ListedToken = {
  readonly id: number;
  readonly accessor: string;
  readonly displayName: string;
  readonly requests: number;
};

/** A list of tokens that an investigation found. */
export type RevocationList = {
  readonly cluster: string;
  /** SHA-256 of its file: `sha256:…`. */
  readonly digest: string;
  readonly madeAt: Timestamp;
  readonly items: readonly ListedToken[];
  /** Accessors for which no living token was found. */
  readonly unresolved: number;
};

/** Investigations finds the lists that `sealwatch audit-log search` made; undefined when there is none of this name. Throws `FailureError`. */
export type Investigations = {
  readonly find: (
    cluster: string,
    name: string,
    options: { readonly signal: AbortSignal },
  ) => Promise<RevocationList | undefined>;
};

/** What checks and actions may use besides the cluster. */
export type ActionServices = {
  readonly exec?: ExecCommands;
  readonly prometheus?: PrometheusApi;
  readonly httpProbes?: HttpProbes;
  readonly investigations?: Investigations;
  readonly snapshots?: SnapshotTarget;
  readonly backups?: BackupAge;
  readonly connectPort?: ConnectPort;
  readonly pause?: Pause;
  readonly runs?: RunHistory;
};
