import { FailureError, toFailure } from "../../lib/failure.ts";
import { readSysHealth } from "../endpoints/sys-health.ts";
import type { SysHealth } from "../endpoints/sys-health.ts";
import type { CallOptions, VaultTransport } from "../transport.ts";

/** A frozen node must not hold up the choice for longer. */
const HEALTH_MS = 2000;

const ADVICE = "unseal or start a node: the login is tried again by itself";

/** What the choice is about. */
export type NodeChoice = {
  readonly cluster: string;
  readonly transports: readonly VaultTransport[];
  /** The pinned identity: a secret is not shown to another cluster. */
  readonly clusterId: string | undefined;
  /** What to do when no node is unsealed; default: that of a login which is tried again by itself. */
  readonly advice?: string;
};

type Word = { readonly transport: VaultTransport; readonly health: SysHealth };

/**
 * Chooses the node that a token's calls go to: the active one, else any unsealed one, which forwards them. Asks `sys/health` (no token), so
 * that a sealed cluster hears of no login. Throws `sealed` or `unreachable` with what each node said.
 */
export async function chooseNode(choice: NodeChoice, options: CallOptions = {}): Promise<VaultTransport> {
  const words = choice.transports.map(async (transport): Promise<Word> => {
    const health = await readSysHealth(transport, { timeoutMs: HEALTH_MS, ...options });
    const { clusterId = "" } = health;
    if (health.sealed || !health.initialized) throw unusable("sealed", health.initialized ? "sealed" : "uninitialized");
    if (choice.clusterId !== undefined && clusterId !== "" && clusterId !== choice.clusterId)
      throw unusable("wrong-cluster", `another cluster's (${clusterId})`);
    return { transport, health };
  });
  const active = words.map(async (word) => {
    const { transport, health } = await word;
    return health.standby ? await Promise.reject(new Error("standby")) : transport;
  });
  return await Promise.any(active).catch(async () => anyOf(choice, await Promise.allSettled(words)));
}

function anyOf(
  { cluster, transports, advice = ADVICE }: NodeChoice,
  words: readonly PromiseSettledResult<Word>[],
): VaultTransport {
  const [standby] = words.flatMap((word) => (word.status === "fulfilled" ? [word.value.transport] : []));
  if (standby !== undefined) return standby;
  const failures = words.flatMap((word) => (word.status === "rejected" ? [toFailure(word.reason)] : []));
  const said = failures.map(({ reason, message }, index) => {
    const name = transports[index]?.nodeName ?? "?";
    return `${name}: ${reason === "sealed" || reason === "wrong-cluster" ? message : reason}`;
  });
  const sealed = failures.some(({ reason }) => reason === "sealed");
  throw new FailureError({
    reason: sealed ? "sealed" : "unreachable",
    retryable: true,
    message: `cannot log in to ${cluster}: no node is unsealed (${said.join(", ")}); ${advice}`,
  });
}

function unusable(reason: "sealed" | "wrong-cluster", message: string): FailureError {
  return new FailureError({ reason, retryable: true, message });
}
