import type { VaultNode } from "../vault/cluster.ts";
import { sysMetrics } from "../vault/endpoints/sys-metrics.ts";
import { callBudget, type Deadline } from "./call-budget.ts";
import type { NativeSample } from "./collector.ts";
import { parseSample } from "./exposition.ts";

const SHARE = 0.5;

/**
 * Reads the samples of these names (without the prefix: `vault_`, `openbao_`, in OpenBao whatever is configured, and perhaps a host's name)
 * from a node's own metrics, line by line, holding no more than one line of the page.
 */
export async function nativeSamples(
  node: VaultNode,
  names: readonly string[],
  deadline: Deadline,
): Promise<readonly NativeSample[]> {
  const found: NativeSample[] = [];
  const { body } = await node.stream(sysMetrics, callBudget(deadline, SHARE));
  for await (const line of linesOf(body)) {
    const sample = line.startsWith("#") ? undefined : parseSample(line);
    const name = sample && names.find((wanted) => sample.name.endsWith(`_${wanted}`));
    if (sample !== undefined && name !== undefined) found.push({ ...sample, name });
  }
  return found;
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
