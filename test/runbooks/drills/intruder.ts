import { setTimeout as pause } from "node:timers/promises";
import type { OpenBaoCluster, OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";

/** One secret that an intruder got, by the machine's clock. */
type Got = { readonly node: string; readonly at: number };

/** Reads a secret with a leaked token on every node, again and again. */
export type Intruder = AsyncDisposable & {
  readonly token: string;
  /** Names the token in the audit log and in lists; no secret, and still to be seen by nobody in full. */
  readonly accessor: string;
  /** Names of the nodes that gave the secret away since a moment (`Date.now()`). */
  readonly gotFrom: (since: number) => readonly string[];
  /** How many times it asked since a moment, whatever came of it. */
  readonly askedSince: (since: number) => number;
  /** Waits until these nodes (default: all) gave the secret away once more. */
  readonly getsFrom: (...nodes: readonly OpenBaoNode[]) => Promise<void>;
  /** Waits until it got nothing anywhere for so many of its rounds over all nodes. */
  readonly getsNothing: (rounds?: number) => Promise<void>;
};

/** Enables userpass with one user who may read that secret, and gives what logs in as them: the status, and the token if there is one. */
export async function prepareLogin(
  cluster: OpenBaoCluster,
): Promise<() => Promise<{ readonly status: number; readonly token: string }>> {
  const active = await cluster.activeNode();
  await cluster.call(active, "POST", "sys/auth/userpass", { type: "userpass" });
  await cluster.call(active, "POST", "sys/policies/acl/payments", { policy: READS });
  const user = { password: "canary-of-the-contractor", token_policies: "payments" };
  await cluster.call(active, "POST", "auth/userpass/users/contractor", user);
  return async () => {
    const path = "auth/userpass/login/contractor";
    const { statusCode, body } = await cluster.call(active, "POST", path, { password: user.password }, "");
    const token = (body as { readonly auth?: { readonly client_token: string } } | undefined)?.auth?.client_token;
    return { status: statusCode, token: token ?? "" };
  };
}

/** How long it waits between two reads of one node: a client that hurries, and leaves the machine time for others. */
const PACE_MS = 100;

const READS = 'path "payments/*" { capabilities = ["read"] }';

/** Puts a secret into the cluster, leaks a token for it (or takes one that a login gave), and begins to read on every node. */
export async function startIntruder(cluster: OpenBaoCluster, given?: string): Promise<Intruder> {
  const active = await cluster.activeNode();
  // A second intruder finds it mounted already.
  await cluster.call(active, "POST", "sys/mounts/payments", { type: "kv" });
  await cluster.call(active, "POST", "payments/database", { password: "canary-of-payments" });
  const token = given ?? (await cluster.createToken(READS));
  const { body } = await cluster.call(active, "POST", "auth/token/lookup", { token });
  const { accessor } = (body as { readonly data: { readonly accessor: string } }).data;
  const got: Got[] = [];
  const asked: number[] = [];
  const end = new AbortController();
  const loops = cluster.nodes.map(async (node) => {
    while (!end.signal.aborted) {
      const answer = await cluster.call(node, "GET", "payments/database", undefined, token).catch(() => undefined);
      const at = Date.now();
      asked.push(at);
      if (JSON.stringify(answer?.body ?? "").includes("canary-of-payments")) got.push({ node: node.name, at });
      await pause(PACE_MS, undefined, { signal: end.signal }).catch(() => undefined);
    }
  });
  const gotFrom = (since: number): readonly string[] => [
    ...new Set(got.filter(({ at }) => at >= since).map(({ node }) => node)),
  ];
  const askedSince = (since: number): number => asked.filter((at) => at >= since).length;
  return {
    token,
    accessor,
    gotFrom,
    askedSince,
    getsFrom: async (...nodes) => {
      const since = Date.now();
      const wanted = (nodes.length === 0 ? cluster.nodes : nodes).map(({ name }) => name);
      await waitFor(`the intruder read on ${wanted.join(", ")}`, async () =>
        wanted.every((name) => gotFrom(since).includes(name)) ? true : undefined,
      );
    },
    getsNothing: async (rounds = 3) => {
      await waitFor("the intruder get nothing", async () => {
        const last = got.at(-1)?.at ?? 0;
        return askedSince(last + 1) >= rounds * cluster.nodes.length ? true : undefined;
      });
    },
    [Symbol.asyncDispose]: async () => {
      end.abort();
      await Promise.all(loops);
    },
  };
}
