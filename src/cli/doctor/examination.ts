import type { ClusterConfig } from "../../config/schema.ts";
import type { Collector, NativeSample } from "../../exporter/collector.ts";
import type { NodeProbe } from "../../exporter/probe-nodes.ts";
import { toFailure } from "../../lib/failure.ts";
import type { Failure } from "../../lib/failure.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { OperatorEnd, Product, VaultNode } from "../../vault/cluster.ts";
import type { Capabilities } from "../../vault/endpoints/capabilities-self.ts";
import type { RaftConfiguration } from "../../vault/endpoints/raft-configuration.ts";
import type { ServerSettings } from "../../vault/endpoints/sys-config-state.ts";
import type { OwnToken } from "../../vault/endpoints/token-lookup-self.ts";

/** Outcome is an answer, or why there is none. */
export type Outcome<T> = { readonly value: T } | { readonly failure: Failure };

/** NodeExam is all that was asked of one node. */
export type NodeExam = {
  readonly probe: NodeProbe;
  /** Its own metrics as anybody gets them, and as our token gets them; undefined when the node did not answer before. */
  readonly openMetrics: Outcome<readonly NativeSample[]> | undefined;
  readonly tokenMetrics: Outcome<readonly NativeSample[]> | undefined;
};

/** TokenExam is what the active node says of the token for reading. */
export type TokenExam = {
  readonly token: Outcome<OwnToken>;
  readonly capabilities: Outcome<Capabilities>;
  readonly raft: Outcome<RaftConfiguration>;
  /** Needs a line that no collector needs, so its absence means nothing. */
  readonly settings: Outcome<ServerSettings>;
};

/** OperatorTrial is the credential of an action's call, opened and ended again without a call. */
export type OperatorTrial = { readonly action: string; readonly end: Outcome<OperatorEnd> };

/** ClusterExam is everything that the rules judge; they ask nobody. */
export type ClusterExam = {
  readonly config: ClusterConfig;
  readonly at: Timestamp;
  readonly product: Product;
  readonly nodes: readonly NodeExam[];
  readonly active: Outcome<VaultNode>;
  /** The collectors in use. */
  readonly collectors: readonly Pick<Collector, "name" | "policy">[];
  /** Whether somebody wants standbys' own metrics: `passthrough` of `/metrics` or of a module is `all`. */
  readonly wantsStandbyMetrics: boolean;
  /** Undefined when no token is configured, or when there is no active node to ask. */
  readonly token: TokenExam | undefined;
  /** Undefined when nothing is minted here, or when there is no active node to ask. */
  readonly operator: readonly OperatorTrial[] | undefined;
};

/** Waits for an answer and gives its outcome; never throws. */
export async function outcome<T>(answer: Promise<T>): Promise<Outcome<T>> {
  return await answer.then(
    (value) => ({ value }),
    (error: unknown) => ({ failure: toFailure(error) }),
  );
}

/** Gives the answer, or undefined when there is none. */
export function valueOf<T>(result: Outcome<T> | undefined): T | undefined {
  return result !== undefined && "value" in result ? result.value : undefined;
}

/** Gives why there is no answer, or undefined when there is one. */
export function failureOf(result: Outcome<unknown> | undefined): Failure | undefined {
  return result !== undefined && "failure" in result ? result.failure : undefined;
}
