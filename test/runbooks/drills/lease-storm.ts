import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import type { OpenBaoCluster, OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";

const AT_ONCE = 128;
const BACK_OFF_MS = 100;
const MOST_ROUNDS = 20;

/** The role whose leases explode, and one that is used as it should be. */
export const BATCH = "ssh/creds/batch";
export const WEB = "ssh/creds/web";

/** A client that asks for credentials all the time instead of using those that it has. */
export type NoisyClient = AsyncDisposable & {
  /** Answers so far, by their code. */
  readonly codes: ReadonlyMap<number, number>;
  readonly stop: () => Promise<void>;
};

/** Mounts the SSH engine with two roles of one-time passwords: each that is asked for is a real lease, in storage and with a timer. */
export async function mountLenders(cluster: OpenBaoCluster): Promise<void> {
  const active = await cluster.activeNode();
  const call = async (path: string, body: unknown): Promise<void> => {
    const { statusCode } = await cluster.call(active, "POST", path, body);
    if (statusCode >= 300) throw new Error(`${path} was answered ${statusCode}`);
  };
  await call("sys/mounts/ssh", { type: "ssh", config: { default_lease_ttl: "2h" } });
  for (const role of ["batch", "web"])
    await call(`ssh/roles/${role}`, { key_type: "otp", default_user: "deploy", cidr_list: "127.0.0.0/8" });
}

/** Makes so many leases at a path, many at once; goes on with the next leader when the node that was asked leads no more. */
export async function makeLeasesAt(cluster: OpenBaoCluster, path: string, count: number): Promise<void> {
  const todo = { left: count };
  for (let round = 0; todo.left > 0; round++) {
    if (round === MOST_ROUNDS) throw new Error(`${todo.left} of ${count} leases could not be made at ${path}`);
    await using lender = await openLender(cluster, await cluster.activeNode());
    const ask = async (): Promise<void> => {
      while (todo.left > 0) {
        todo.left--;
        if ((await lender.ask(path).catch(() => 0)) === 200) continue;
        todo.left++;
        return;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
  }
}

/** Starts a client that asks for a lease as soon as it has one. */
export async function startNoisyClient(cluster: OpenBaoCluster, path: string): Promise<NoisyClient> {
  const lender = await openLender(cluster, await cluster.activeNode());
  const codes = new Map<number, number>();
  const ends = new AbortController();
  const asking = (async () => {
    while (!ends.signal.aborted) {
      const code = await lender.ask(path).catch(() => 0);
      codes.set(code, (codes.get(code) ?? 0) + 1);
      // One that is refused tries again a little later, as a client library would.
      if (code !== 200) await delay(BACK_OFF_MS);
    }
  })();
  const stop = async (): Promise<void> => {
    ends.abort();
    await asking;
    await lender[Symbol.asyncDispose]();
  };
  return { codes, stop, [Symbol.asyncDispose]: stop };
}

type Lender = AsyncDisposable & { readonly ask: (path: string) => Promise<number> };

async function openLender(cluster: OpenBaoCluster, { address }: OpenBaoNode): Promise<Lender> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, ca: await readFile(cluster.caFile, "utf8") });
  const headers = { "x-vault-token": cluster.rootToken };
  const ask = async (path: string): Promise<number> =>
    await new Promise((resolve, reject) => {
      const outgoing = request(new URL(`/v1/${path}`, address), { agent, method: "POST", headers }, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      });
      outgoing.on("error", reject);
      outgoing.end(JSON.stringify({ ip: "127.0.0.1" }));
    });
  return { ask, [Symbol.asyncDispose]: async () => await Promise.resolve(agent.destroy()) };
}
