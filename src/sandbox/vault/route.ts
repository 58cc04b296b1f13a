import type { Timestamp } from "../../lib/clock.ts";
import type { Capability } from "../../lib/vault-policy.ts";
import type { SimulatedAnswer } from "./answers.ts";
import type { ClusterState, NodeState } from "./cluster-state.ts";
import type { TokenAccess } from "./token-access.ts";

/** What a route may look at and change. */
export type RouteContext = {
  readonly state: ClusterState;
  readonly node: NodeState;
  readonly access: TokenAccess;
  readonly now: Timestamp;
  readonly token: string | undefined;
  /** Whether the caller forbids forwarding (`X-Vault-No-Request-Forwarding`). */
  readonly forwardingForbidden: boolean;
  /** What was asked for, with a slash at the end of a list. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
};

/** Route is one path and verb of the API. */
export type Route = {
  readonly method: "GET" | "PUT" | "DELETE";
  /** `+` is any one segment, `*` at the end any rest; a slash at the end is a list (`?list=true`). */
  readonly path: string;
  /** What the token must have; undefined when no token is asked for and a sealed node answers too. */
  readonly needs?: readonly Capability[];
  /**
   * Who answers on a standby: the node itself, the active node on its behalf, or (Vault alone) nobody: it redirects.
   * OpenBao's standbys answer reads from their own copy.
   */
  readonly onStandby?: "local" | "read" | "forwarded" | "redirected-by-vault";
  readonly answer: (context: RouteContext) => SimulatedAnswer;
};
