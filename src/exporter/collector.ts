import type { Clock } from "../lib/clock.ts";
import type { Failure } from "../lib/failure.ts";
import type { PolicyRule } from "../lib/vault-policy.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import type { Deadline } from "./call-budget.ts";
import type { NodeProbe } from "./probe-nodes.ts";

/** Sample is one series' value; labels besides `vault_cluster`, which the framework adds. */
export type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number };

/** Family is one metric of the page: name with unit suffix, what it means, its samples. */
export type Family = {
  readonly name: `sealwatch_${string}`;
  readonly help: string;
  readonly type: "gauge" | "counter";
  readonly samples: readonly Sample[];
};

/** FamilyDeclaration is a family without samples, for docs and for "always a series" checks; labels besides `vault_cluster`. */
export type FamilyDeclaration = Pick<Family, "name" | "help" | "type"> & { readonly labels: readonly string[] };

/**
 * What a collector may use. One context a cluster, collector and scrape; a collector gives each of its calls a share of the deadline.
 */
export type CollectContext = Deadline & {
  readonly cluster: VaultCluster;
  readonly clock: Clock;
  /** What every node says of itself without a token, asked once a cluster and scrape, so that a page does not contradict itself. */
  readonly probes: () => Promise<readonly NodeProbe[]>;
  /** Tells of a part that could not be read while the rest could: `sealwatch_collector_success` is then 0, the families stay. */
  readonly note: (failure: Failure) => void;
};

/**
 * Collector reads one subject of one cluster. It owns no registry and no HTTP. A sealed or unreachable node is data, not an error;
 * it throws only when it could not do its work at all, and then `sealwatch_collector_success` says 0 for it and nobody else.
 */
export type Collector = {
  readonly name: string;
  readonly help: string;
  readonly families: readonly FamilyDeclaration[];
  /** The policy it needs; empty when it needs no token. */
  readonly policy: readonly PolicyRule[];
  readonly collect: (context: CollectContext) => Promise<readonly Family[]>;
};
