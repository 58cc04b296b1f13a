import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { othersThan } from "./raft-of.ts";

/** A frozen leader is missed after seconds; on a busy machine after more of them. */
const LONG = { timeoutMs: 100_000 } as const;

/** A lead that comes and goes. */
export type Flapping = AsyncDisposable & {
  /** Resolves when the lead has gone to another node so often. */
  readonly turned: (times: number) => Promise<void>;
  /** Ends it; all nodes run when it resolves. */
  readonly stop: () => Promise<void>;
};

/** Stops whoever leads (SIGSTOP) until another node does, and so on, as a machine does that is paused again and again. */
export function startFlapping(cluster: OpenBaoCluster): Flapping {
  const over = new AbortController();
  let turns = 0;
  const turn = async (): Promise<void> => {
    const leader = await cluster.activeNode();
    leader.suspend();
    try {
      await waitFor(
        "another leader",
        async () => {
          for (const node of othersThan(cluster, leader)) {
            const { body } = await cluster.call(node, "GET", "sys/leader", undefined, "");
            if ((body as { is_self?: boolean }).is_self === true) return true;
          }
          return over.signal.aborted ? true : undefined;
        },
        LONG,
      );
    } finally {
      leader.resume();
    }
    turns++;
  };
  const ended = (async () => {
    while (!over.signal.aborted) await turn();
  })();
  const stop = async (): Promise<void> => {
    over.abort();
    await ended;
  };
  return {
    turned: async (times) => {
      await waitFor(`${times} changes of the lead`, async () => (turns >= times ? true : undefined), LONG);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
