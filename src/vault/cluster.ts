import type { AuthStats } from "./auth/auth-stats.ts";
import type { NodeDiscovery } from "../discovery/node-discovery.ts";
import type { Capabilities } from "./endpoints/capabilities-self.ts";
import type { SysHealth } from "./endpoints/sys-health.ts";
import type { SysLeader } from "./endpoints/sys-leader.ts";
import type { SysSealStatus } from "./endpoints/sys-seal-status.ts";
import type { RateLimitQuota } from "./endpoints/sys-quotas.ts";
import type { AutopilotState } from "./endpoints/raft-autopilot-state.ts";
import type { IrrevocableLeases } from "./endpoints/leases-irrevocable.ts";
import type { RaftConfiguration } from "./endpoints/raft-configuration.ts";
import type { Endpoint, StreamedEndpoint } from "./endpoint.ts";
import type { ListenerProbe } from "./listener.ts";
import type { CallOptions, VaultStream } from "./transport.ts";

/** Which product answers; `unknown` until a node answered. */
export type Product = "vault" | "openbao" | "unknown";

/** VaultNode is one server, by its own address (never a load balancer's), with the endpoints as typed calls. */
export type VaultNode = {
  /** The name in the configuration: label `vault_node`. */
  readonly name: string;
  /** Its id in raft's configuration. */
  readonly raftNodeId: string;
  readonly address: string;
  /** Reads any endpoint of `src/vault/endpoints/` that is declared as data; a read changes nothing. */
  readonly read: <T>(endpoint: Endpoint<T>, options?: CallOptions) => Promise<T>;
  /** Reads an endpoint whose answer may be large, as it comes. */
  readonly stream: (endpoint: StreamedEndpoint, options?: CallOptions) => Promise<VaultStream>;
  readonly health: (options?: CallOptions) => Promise<SysHealth>;
  readonly sealStatus: (options?: CallOptions) => Promise<SysSealStatus>;
  readonly leader: (options?: CallOptions) => Promise<SysLeader>;
  /** Connects to the node and looks at its certificate; sends nothing, and never throws: the calls say why they fail. */
  readonly probeListener: (options?: CallOptions) => Promise<ListenerProbe>;
  readonly raftConfiguration: (options?: CallOptions) => Promise<RaftConfiguration>;
  readonly autopilotState: (options?: CallOptions) => Promise<AutopilotState>;
  readonly irrevocableLeases: (options?: CallOptions) => Promise<IrrevocableLeases>;
  /** What the token for actions may do on these paths; undefined when it may not ask. Throws reason `denied` when it is not valid. */
  readonly operateCapabilities: (paths: readonly string[], options?: CallOptions) => Promise<Capabilities | undefined>;
  readonly removeRaftPeer: (nodeId: string, options?: CallOptions) => Promise<void>;
  readonly stepDown: (options?: CallOptions) => Promise<void>;
  readonly seal: (options?: CallOptions) => Promise<void>;
  readonly rotateKeyring: (options?: CallOptions) => Promise<void>;
  readonly revokeAccessor: (accessor: string, options?: CallOptions) => Promise<void>;
  readonly revokePrefix: (prefix: string, options?: CallOptions) => Promise<void>;
  readonly setRateLimitQuota: (name: string, quota: RateLimitQuota, options?: CallOptions) => Promise<void>;
  readonly deleteRateLimitQuota: (name: string, options?: CallOptions) => Promise<void>;
  readonly disableAuditDevice: (path: string, options?: CallOptions) => Promise<void>;
  /** Reads the whole storage with the token for actions: it takes a right of its own, and an approval. */
  readonly streamRaftSnapshot: (options?: CallOptions) => Promise<VaultStream>;
};

/** ClusterIdentity is what a cluster calls itself while unsealed; it is remembered while it cannot say. */
export type ClusterIdentity = { readonly clusterId: string; readonly clusterName: string };

/** The call that a credential is for: Vault's audit log names run and step. */
export type OperatorCall = {
  /** The action's name, for instance `vault.step-down`. */
  readonly action: string;
  readonly run: string;
  readonly step: string;
  /** How long the credential may live at most, in milliseconds. */
  readonly ttlMs: number;
};

/** How a session ended, in words; without proof they say until when the token may live. */
export type OperatorEnd = { readonly text: string; readonly revoked: "verified" | "unverified" | "not-needed" };

/** OperatorSession is the credential of one approved call, while its step lasts. */
export type OperatorSession = {
  /** The same cluster; its changing calls (token "operate") use this credential. */
  readonly cluster: VaultCluster;
  /** Ends it: revoked and verified, or why not. Never throws, takes at most 5 s; a second call gives what the first gave. */
  readonly end: () => Promise<OperatorEnd>;
};

/** Operator is how calls that change something are credentialed. */
export type Operator = {
  /** "minted": a token per approved call; "static": the configured `operatorToken` (or the token for reading); "none": nobody may. */
  readonly kind: "minted" | "static" | "none";
  /** What stands in the gate before anybody approves: where the credential will come from, and when it cannot. */
  readonly describe: (action: string) => string;
  /** Opens the credential of one approved call. For "static" it is the configured token and `end` revokes nothing. Throws `FailureError`: then nothing was called. */
  readonly open: (call: OperatorCall, options: CallOptions) => Promise<OperatorSession>;
};

/** VaultCluster is a configured cluster: its nodes, who is active, and whether it is still the one it was. */
export type VaultCluster = {
  /** The name in the configuration: label `vault_cluster`. */
  readonly name: string;
  /** The nodes as they are now: discovery lets them come and go, so ask at the moment of use. The same array until others are found. */
  readonly nodes: readonly VaultNode[];
  /** How many there should be: what the configuration says, else the most that there ever were since the start. */
  readonly expectedNodes: number;
  /** How the search for nodes goes; absent when every node is listed in the configuration. */
  readonly discovery?: Pick<NodeDiscovery, "kind" | "nodes" | "status">;
  /** Finds a node by its name; throws reason `not-found` with the nearest name. */
  readonly node: (name: string) => VaultNode;
  /** Asks `sys/leader` on every node, by whose own word it is active; throws reason `no-leader`. Never trusts an address in an answer. */
  readonly activeNode: (options?: CallOptions) => Promise<VaultNode>;
  /**
   * Reads the identity from an unsealed node and compares it with the pinned one: throws reason `wrong-cluster` when they differ.
   * While no node can say, gives the remembered one, or undefined when none was ever seen.
   */
  readonly identity: (options?: CallOptions) => Promise<ClusterIdentity | undefined>;
  /** Gives the configured or remembered identity without asking anybody; its name is empty when only the id is configured. */
  readonly knownIdentity: () => ClusterIdentity | undefined;
  readonly product: (options?: CallOptions) => Promise<Product>;
  /** How calls that change something are credentialed. */
  readonly operator: Operator;
  /** How often it logged in and renewed; only a cluster that sealwatch logs in to by itself has it. */
  readonly authStats?: () => AuthStats;
  /** Revokes a token of our own (best effort, 2 s), then ends the connections. */
  readonly close: () => Promise<void>;
};

/** IdentityMemory keeps the pinned identities over restarts (the store implements it). */
export type IdentityMemory = {
  readonly load: (cluster: string) => ClusterIdentity | undefined;
  readonly save: (cluster: string, identity: ClusterIdentity) => void;
};
