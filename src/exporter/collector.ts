import type { Clock } from "../lib/clock.ts";
import type { Failure } from "../lib/failure.ts";
import type { PolicyRule } from "../lib/vault-policy.ts";
import type { VaultCluster, VaultNode } from "../vault/cluster.ts";
import type { Deadline } from "./call-budget.ts";
import type { NodeProbe } from "./probe-nodes.ts";

/** Sample is one series' value; labels besides `vault_cluster`, which the framework adds. */
export type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number };

/** A name of the grapeshot/vault_exporter family; only `compat.ts` gives them, and only when they are asked for. */
export type CompatName =
  | `vault_${"up" | "initialized" | "sealed" | "standby" | "info"}`
  | `vault_replication_${"dr" | "performance"}_${"primary" | "secondary"}`;

/** Family is one metric of the page: name with unit suffix, what it means, its samples. */
export type Family = {
  readonly name: `sealwatch_${string}` | CompatName;
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
  /**
   * The active node, found once a cluster and scrape. Throws reason `no-leader`, or `wrong-cluster` when the node that calls itself active
   * is another cluster's: it would get our token and answer for ours.
   */
  readonly active: () => Promise<VaultNode>;
  /**
   * What the active node's own metrics say for the names in any collector's `native`, read once a cluster and scrape. A standby's or an old
   * leader's page is not asked: it repeats what was true when it led. Throws like any call.
   */
  readonly native: () => Promise<readonly NativeSample[]>;
  /** What every node says of itself without a token, asked once a cluster and scrape, so that a page does not contradict itself. */
  readonly probes: () => Promise<readonly NodeProbe[]>;
  /** Tells of a part that could not be read while the rest could: `sealwatch_collector_success` is then 0, the families stay. */
  readonly note: (failure: Failure) => void;
};

/** NativeSample is one series of Vault's own metrics; its name is without the prefix (`vault_`, `openbao_`, a host's name). */
export type NativeSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** Background is work on its own clock: it begins with the program and not with a scrape. */
export type Background = { readonly start: () => void; readonly stop: () => Promise<void> };

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
  /** Names of Vault's own metrics, without the prefix, that `context.native` is to give. */
  readonly native?: readonly string[];
  /**
   * Names of its families that hold when one node is asked alone (`/probe?target=CLUSTER/NODE`): it then runs on a cluster of that node and
   * what else it says does not count. Only for one that needs no token; default: none.
   */
  readonly perNode?: readonly string[];
  /** What it does besides scrapes; the program starts and stops it. */
  readonly background?: Background;
  readonly collect: (context: CollectContext) => Promise<readonly Family[]>;
};
