import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import type { OpenBaoCluster } from "../../src/sandbox/openbao/openbao.ts";

/** How many leases to make: `each` on every one of `mounts` AppRole mounts. */
export type LeaseOptions = {
  readonly cluster: OpenBaoCluster;
  readonly token: string;
  readonly mounts: number;
  readonly each: number;
};

const AT_ONCE = 128;

/**
 * Makes real leases by logging in: every login of an AppRole is a token with a lease (userpass would be another 50 ms of bcrypt each). Gives
 * how many were made; the mounts are `approle-0/`, `approle-1/` …
 */
export async function makeLeases({ cluster, token, mounts, each }: LeaseOptions): Promise<number> {
  const active = await cluster.activeNode();
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, ca: await readFile(cluster.caFile, "utf8") });
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> =>
    await send({ agent, url: new URL(`/v1/${path}`, active.address), method, token, body });
  try {
    for (let mount = 0; mount < mounts; mount++) {
      const at = `auth/approle-${mount}`;
      await call("POST", `sys/${at}`, { type: "approle" });
      await call("POST", `${at}/role/app`, {
        bind_secret_id: false,
        token_bound_cidrs: ["127.0.0.1/32"],
        token_ttl: "2h",
      });
      const { data } = (await call("GET", `${at}/role/app/role-id`)) as { readonly data: { readonly role_id: string } };
      let left = each;
      const logIn = async (): Promise<void> => {
        while (left-- > 0) await call("POST", `${at}/login`, { role_id: data.role_id });
      };
      await Promise.all(Array.from({ length: AT_ONCE }, logIn));
    }
  } finally {
    agent.destroy();
  }
  return mounts * each;
}

type Call = {
  readonly agent: Agent;
  readonly url: URL;
  readonly method: string;
  readonly token: string;
  readonly body: unknown;
};

async function send({ agent, url, method, token, body }: Call): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method, headers: { "x-vault-token": token } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        if ((response.statusCode ?? 0) >= 300) reject(new Error(`${url.pathname} was answered ${response.statusCode}`));
        else resolve(text === "" ? undefined : JSON.parse(text));
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
