import { FailureError } from "../lib/failure.ts";
import type { VaultNode } from "../vault/cluster.ts";
import { sysMetrics } from "../vault/endpoints/sys-metrics.ts";
import { callBudget, type Deadline } from "./call-budget.ts";
import type { NativeSample } from "./collector.ts";
import { createNativeCapture } from "./native-capture.ts";
import { PageReader } from "./passthrough/page-reader.ts";

/** What is left after a frozen node was given up. */
const SHARE = 0.4;

/** Reads the samples of these names (without the prefix) from a node's own metrics, holding no more than one piece of the page. */
export async function nativeSamples(
  node: VaultNode,
  names: readonly string[],
  deadline: Deadline,
): Promise<readonly NativeSample[]> {
  const { body } = await node.stream(sysMetrics, callBudget(deadline, SHARE));
  const capture = createNativeCapture(names);
  const reader = new PageReader(body, () => {});
  await reader.fill();
  while (reader.family !== undefined || reader.starving) {
    if (reader.family !== undefined) reader.take(capture.of(reader.family) ?? (() => {}));
    if (reader.starving) await reader.fill();
  }
  if (reader.failure !== undefined) throw new FailureError(reader.failure);
  return capture.samples;
}
