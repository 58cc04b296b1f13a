import type { Clock } from "../../lib/clock.ts";
import type { VaultNode } from "../../vault/cluster.ts";

const HEALTH_MS = 5000;
/** So many answers make the baseline, and so many slow ones in a row a slow node: a single one may be our own pause. */
const BASELINE_ANSWERS = 5;
const SLOW_ANSWERS = 3;
/** A node that is listed fast is not asked after every list, but so many milliseconds apart. */
const EVERY_MS = 100;
/** A node that answers within this is not slow, however fast it was before, in milliseconds. */
const NEVER_SLOW_MS = 50;

/** Says why a node should not be asked on, if it should not; asks it only when it was not asked just now, or `surely`. */
export type Watch = (surely: boolean) => Promise<Warning | undefined>;

/** Why a node should not be asked on. */
export type Warning = "standby" | "slow";

/** What watching a node takes; `maxLatency` is how many times as long as before its answers may take. */
export type WatchOptions = {
  readonly node: VaultNode;
  readonly maxLatency: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/**
 * Measures how fast a node answers `sys/health` (no token, no storage) before it is given work, and gives the function that compares: it says
 * `slow` when the node now takes longer, and `standby` when it no longer leads. Both throw when the node does not answer at all.
 */
export async function watchNode(options: WatchOptions): Promise<Watch> {
  const { clock, maxLatency, node, signal } = options;
  const ask = async () => {
    const askedAt = clock.now();
    const { sealed, standby } = await node.health({ timeoutMs: HEALTH_MS, signal });
    return { tookMs: clock.now() - askedAt, leads: !sealed && !standby };
  };
  const baseline: number[] = [];
  while (baseline.length < BASELINE_ANSWERS) baseline.push((await ask()).tookMs);
  const limitMs = Math.max(NEVER_SLOW_MS, median(baseline) * maxLatency);

  let lastAskedAt = clock.now();
  return async (surely) => {
    if (!surely && clock.now() - lastAskedAt < EVERY_MS) return undefined;
    for (let answers = 0; answers < SLOW_ANSWERS; answers++) {
      const { tookMs, leads } = await ask();
      if (!leads) return "standby";
      lastAskedAt = clock.now();
      if (tookMs <= limitMs) return undefined;
    }
    return "slow";
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
