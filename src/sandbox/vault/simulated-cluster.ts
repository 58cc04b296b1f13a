import type { PolicyRule } from "../../lib/vault-policy.ts";
import type { ClusterState } from "./cluster-state.ts";
import type { Fault } from "./faults.ts";
import type { Logins } from "./logins.ts";
import type { Slowness } from "./system-state.ts";

/** SimulatedCall is one request that a simulated node got; it has no token and no body. */
export type SimulatedCall = { readonly method: string; readonly path: string; readonly node: string };

/** SimulatedCluster is a cluster of HTTP servers on loopback that behaves like Vault, and breaks when told to. */
export type SimulatedCluster = AsyncDisposable &
  Controls & {
    readonly nodes: readonly { readonly name: string; readonly address: string; readonly raftNodeId: string }[];
    readonly clusterId: string;
    readonly clusterName: string;
    readonly rootToken: string;
    readonly unsealKeys: readonly string[];
    /** Every request so far, oldest first. */
    readonly calls: readonly SimulatedCall[];
    readonly failNext: (path: string, fault: Fault) => void;
    /** Makes a token known and gives it these rules and no others (and Vault's `default` policy). */
    readonly policy: (token: string, rules: readonly PolicyRule[]) => void;
    /** Who may log in, and the tokens that they got. */
    readonly logins: Logins;
    readonly close: () => Promise<void>;
  };

/** Controls are what an operator, a machine or a KMS can do to a simulated cluster. Unknown names throw. */
export type Controls = {
  /** Name of the active node, or undefined when nobody leads. */
  readonly leader: () => string | undefined;
  readonly seal: (name: string) => void;
  readonly unsealShare: (name: string, share: string) => void;
  /** Gives as many right shares as it takes; does nothing to an unsealed node. */
  readonly unseal: (name: string) => void;
  /** Ends the process: connections are refused. */
  readonly stop: (name: string) => Promise<void>;
  /** Starts it again: sealed, unless a KMS unseals it. */
  readonly start: (name: string) => Promise<void>;
  /** Stops the process from running, as SIGSTOP does: connections are taken and nothing is answered. */
  readonly freeze: (name: string) => void;
  readonly thaw: (name: string) => void;
  /** Empties a stopped node's data directory: it comes back uninitialized. */
  readonly removeData: (name: string) => void;
  /** The program of the next start, for an upgrade. */
  readonly setVersion: (name: string, version: string) => void;
  /** Initializes an empty node: a cluster of its own, unsealed, under another identity. */
  readonly initialize: (name: string) => void;
  /**
   * Puts back a snapshot of the cluster as it was, or of another one: the node is sealed by that one's keys, and is the only member.
   */
  readonly restore: (name: string, from: "own" | "other") => void;
  /** Lets an empty node join the cluster. */
  readonly rejoin: (name: string) => void;
  readonly setLatency: (milliseconds: number) => void;
  readonly setKms: (available: boolean) => void;
  /** Makes requests slow, or ends it; what hangs hangs in rehearsals only. */
  readonly setSlowness: (slowness: Slowness) => void;
  readonly setLeases: (leases: ClusterState["leases"]) => void;
};
