import type { Clock } from "../../lib/clock.ts";
import { FailureError, toFailure, type Failure } from "../../lib/failure.ts";
import { sysMetrics } from "../../vault/endpoints/sys-metrics.ts";
import type { Deadline } from "../call-budget.ts";
import type { ClusterReads } from "../collect.ts";
import type { NativeCapture } from "../native-capture.ts";
import { isUnsealed, type NodeProbe } from "../probe-nodes.ts";
import { createTally, type Tally } from "./drop-reason.ts";
import type { PassthroughConfig } from "./family-filter.ts";
import { createNodePage, type NodePage } from "./node-page.ts";
import { createPatience, patiently } from "./patience.ts";

/** How much of a scrape's time one node may keep the others waiting. */
const PATIENCE = 0.25;

/** How nodes are asked for their metrics. */
export type OpenPagesOptions = Deadline & {
  readonly config: PassthroughConfig;
  readonly clock: Clock;
};

/** What came of one node's own metrics; a failure may have come in the middle of them. */
export type NodeOutcome = {
  readonly cluster: string;
  readonly node: string;
  readonly tally: Tally;
  readonly failure: Failure | undefined;
};

/** A node that was asked for its metrics: its page, or why there is none; neither for a standby of Vault, which has no page of its own. */
export type OpenPage = {
  readonly cluster: string;
  readonly node: string;
  readonly isActive: boolean;
  readonly page?: NodePage;
  readonly failure?: Failure;
};

/** What came of a node's page, now that nobody reads on. */
export function outcomeOf({ cluster, node, page, failure }: OpenPage): NodeOutcome {
  const broken = page?.reader.ended === false ? leftAlone(node) : page?.reader.failure;
  return { cluster, node, tally: page?.tally ?? createTally(), failure: failure ?? broken };
}

function leftAlone(node: string): Failure {
  const message = `cannot read sys/metrics on ${node} to the end: whoever asked for the page of metrics left`;
  return { reason: "aborted", retryable: true, message };
}

/**
 * Asks the nodes of one cluster for their metrics, all at once. Only after every node said without a token who it is: a stranger would get
 * our token, and a frozen node would be waited for twice. Never throws.
 */
export async function openPages(
  { cluster, probes, active }: ClusterReads,
  options: OpenPagesOptions,
  capture: NativeCapture,
): Promise<readonly OpenPage[]> {
  const [all, leader] = await Promise.all([probes(), active().catch(() => undefined)]);
  const isActive = ({ node, state }: NodeProbe): boolean =>
    leader === undefined ? state === "active" : node.name === leader.name;
  const asked = options.config.mode === "all" ? all : all.filter(isActive);
  return await Promise.all(
    asked.map(async (probe) => {
      const who = { cluster: cluster.name, node: probe.node.name, isActive: isActive(probe) };
      try {
        if (probe.state === "unreachable" && probe.failure !== undefined) throw new FailureError(probe.failure);
        const body = await openBody(probe, options);
        const facts = {
          ...who,
          body,
          active: who.isActive,
          unsealed: isUnsealed(probe.state),
        };
        return { ...who, page: createNodePage({ ...facts, capture: who.isActive ? capture : undefined }) };
      } catch (error) {
        const failure = toFailure(error);
        return failure.reason === "standby" ? who : { ...who, failure };
      }
    }),
  );
}

async function openBody({ node }: NodeProbe, options: OpenPagesOptions): Promise<AsyncIterable<Uint8Array>> {
  const { timeoutMs, signal, clock } = options;
  const patience = createPatience(timeoutMs * PATIENCE, {
    clock,
    signal,
    what: `cannot read sys/metrics on ${node.name}`,
  });
  const { body } = await patience.wait(node.stream(sysMetrics, { signal: patience.signal, timeoutMs }));
  return patiently(body, patience);
}
