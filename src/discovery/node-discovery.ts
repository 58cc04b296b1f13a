import type { Timestamp } from "../lib/clock.ts";

/** DiscoveredNode is a Vault server that was found: what a node of the configuration has, but found. */
export type DiscoveredNode = {
  /** Label `vault_node`. The same server keeps it for as long as it is found. */
  readonly name: string;
  /** Of its API: `https://vault-0.vault-internal.vault.svc:8200`. */
  readonly address: string;
  /** Name to expect in its certificate instead of the address' host. */
  readonly serverName?: string;
  /** Its id in raft's configuration, where the source knows it. */
  readonly raftNodeId?: string;
};

/** DiscoveryStatus says what the nodes that a discovery gives are worth. */
export type DiscoveryStatus = {
  /** True until the first success and after a failure: the nodes are those of the last success. */
  readonly stale: boolean;
  /** Undefined until the first success. */
  readonly lastSuccessAt: Timestamp | undefined;
};

/** NodeDiscovery looks for the nodes of one cluster for as long as the program runs. Nobody has to wait for it: it always has an answer. */
export type NodeDiscovery = {
  readonly kind: "dns" | "raft" | "kubernetes";
  /** What was last found, in a stable order; the same array until something else is found. Empty until the first success. */
  readonly nodes: () => readonly DiscoveredNode[];
  readonly status: () => DiscoveryStatus;
  /** Begins to look, and settles when the first look ended, well or not; that may take as long as a dead DNS takes. Never throws. */
  readonly start: () => Promise<void>;
  /** Looks no more. What was found stays. */
  readonly stop: () => void;
};
