import type { Clock } from "../../lib/clock.ts";
import type { ClusterState } from "./cluster-state.ts";
import type { Faults } from "./faults.ts";
import type { NodeServer } from "./node-server.ts";
import type { SimulatedCall } from "./simulated-cluster.ts";
import type { TokenAccess } from "./token-access.ts";

/** World is a running simulation: the state, the servers that answer from it, and what holds them up. */
export type World = {
  readonly state: ClusterState;
  readonly clock: Clock;
  readonly access: TokenAccess;
  readonly faults: Faults;
  readonly calls: SimulatedCall[];
  readonly servers: Map<string, NodeServer>;
  readonly thawed: Map<string, PromiseWithResolvers<void>>;
  latencyMs: number;
};
