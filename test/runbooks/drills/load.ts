import { setTimeout as pause } from "node:timers/promises";
import { createApiClient } from "../../../src/sandbox/openbao/api-client.ts";
import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";

/** When something was tried and did not work, in Unix milliseconds. */
export type Miss = { readonly from: number; readonly to: number };

/** What came of a load: how much was done, and what no node would do. */
export type LoadResult = {
  readonly reads: number;
  readonly writes: number;
  /** Reads that failed on every node, one after the other. */
  readonly missedReads: readonly Miss[];
  /** Names of secrets whose writing was acknowledged and that the active node does not give back as they were written. */
  readonly lost: readonly string[];
};

/** A writer and a reader at work. */
export type Load = AsyncDisposable & { readonly end: () => Promise<LoadResult> };

/** More than a node that is alive takes; a client asks the next one then. */
const PATIENCE_MS = 3000;

/** Between two reads, and between two writes: the machine has other work. */
const PACE_MS = 40;

/**
 * Writes one secret after the other (kv version 2, mounted here) and reads what was acknowledged, both without end, as applications do: whoever
 * does not answer well is left for the next node.
 */
export async function startLoad(cluster: OpenBaoCluster): Promise<Load> {
  const active = await cluster.activeNode();
  await cluster.call(active, "POST", "sys/mounts/load", { type: "kv", options: { version: "2" } });
  const ask = await createClient(cluster);
  await firstWrite(ask);
  const acknowledged: number[] = [0];
  const missedReads: Miss[] = [];
  const stop = new AbortController();
  let reads = 0;
  const write = async (number: number): Promise<void> => {
    if (await ask("POST", number)) acknowledged.push(number);
  };
  const read = async (number: number): Promise<void> => {
    const from = Date.now();
    reads++;
    // The newest of all on every other turn; a standby that has not heard of it sends the client on.
    const wanted = number % 2 === 0 ? acknowledged.at(-1) : acknowledged[number % acknowledged.length];
    if (!(await ask("GET", wanted ?? 0))) missedReads.push({ from, to: Date.now() });
  };
  const working = [repeat(write, stop.signal), repeat(read, stop.signal)];
  const rest = async (): Promise<void> => {
    stop.abort();
    await Promise.all(working);
  };
  return {
    end: async () => {
      await rest();
      return { reads, writes: acknowledged.length, missedReads, lost: await findLost(cluster, acknowledged) };
    },
    [Symbol.asyncDispose]: rest,
  };
}

async function repeat(work: (number: number) => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let number = 1; !signal.aborted; number++) {
    await work(number);
    await pause(PACE_MS);
  }
}

type Ask = (method: "GET" | "POST", number: number) => Promise<boolean>;

/** Asks one node after the other, beginning with the one that answered last; true as soon as one answers well. */
async function createClient({ nodes, caFile, rootToken: token }: OpenBaoCluster): Promise<Ask> {
  const api = await createApiClient(caFile);
  const turns = { GET: 0, POST: 0 };
  return async (method, number) => {
    for (let tried = 0; tried < nodes.length; tried++) {
      const { address } = nodes[turns[method] % nodes.length] ?? { address: "" };
      const request = { address, method, path: pathOf(number), token, timeoutMs: PATIENCE_MS };
      const body = method === "POST" ? { data: { number } } : undefined;
      const answer = await api({ ...request, body }).catch(() => undefined);
      if (answer?.statusCode === 200) return true;
      turns[method]++;
    }
    return false;
  };
}

/** A new mount of kv version 2 refuses for a moment. */
async function firstWrite(ask: Ask): Promise<void> {
  for (let tried = 0; tried < 100; tried++) {
    if (await ask("POST", 0)) return;
    await pause(PACE_MS);
  }
  throw new Error("the new mount takes no secret");
}

async function findLost(cluster: OpenBaoCluster, acknowledged: readonly number[]): Promise<string[]> {
  const active = await cluster.activeNode();
  const lost: string[] = [];
  for (const number of acknowledged) {
    const { body } = await cluster.call(active, "GET", pathOf(number));
    const held = body as { readonly data?: { readonly data?: { readonly number?: number } } } | undefined;
    if (held?.data?.data?.number !== number) lost.push(pathOf(number));
  }
  return lost;
}

function pathOf(number: number): string {
  return `load/data/${number}`;
}
