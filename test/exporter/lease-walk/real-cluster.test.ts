import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { createLeaseWalkCollector } from "../../../src/exporter/collectors/lease-walk.ts";
import { createLeasesCollector } from "../../../src/exporter/collectors/leases.ts";
import type { Collector } from "../../../src/exporter/collector.ts";
import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { createMemoryStore } from "../../../src/store/memory.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { systemClock, systemTimers } from "../../../src/app/system.ts";
import { makeLeases } from "../../acceptance/make-leases.ts";
import { openBaoForTest } from "../../support/openbao.ts";
import { describeWith } from "../../support/real.ts";
import { exporterView } from "../exporter-view.ts";
import { outcomeOf } from "../scrape.ts";

/** Logins below each mount: two of many, one whose path has a slash in it, one with a level for each user. */
const EACH = 900;
const TEAM = 150;
const USERS = { alice: 20, bob: 30 };
const AT_ONCE = 20;

describeWith(["openbao", "openssl"], "walking the leases of a real cluster", () => {
  let bao: OpenBaoCluster;
  let vault: VaultCluster;
  const started: Collector[] = [];

  beforeAll(async () => {
    bao = await openBaoForTest({ nodes: 3 });
    await makeLeases({ cluster: bao, token: bao.rootToken, mounts: 2, each: EACH });
    await makeDeeperLeases(bao);
    vault = await exporterView(bao, [createLeaseWalkCollector(), createLeasesCollector()]);
  });

  afterAll(async () => {
    await Promise.all(started.map(async (collector) => await collector.background?.stop()));
    await vault.close();
    await bao[Symbol.asyncDispose]();
  });

  const startWalking = (cluster: VaultCluster): (() => Promise<ReadonlyMap<string, string>>) => {
    // Between two walks there is time to see what the first one found.
    const settings = { interval: 3000, requestsPerSecond: 100, maxRequests: 1000, maxDepth: 4, maxLatency: 1000 };
    const lock = createMemoryStore().timedLock;
    const shared = { clusters: [cluster], clock: systemClock, timers: systemTimers };
    const collector = createLeaseWalkCollector({ ...shared, settings, lock });
    collector.background?.start();
    started.push(collector);
    return async () => seriesOf((await outcomeOf(vault, collector)).samples);
  };

  it("counts what is there, mount by mount, with exactly the policy that it declares", async () => {
    const page = startWalking(vault);

    const read = await waitFor("a complete walk", async () => {
      const found = await page();
      return found.get("sealwatch_lease_walk_complete") === "1" ? found : undefined;
    });
    await started.pop()?.background?.stop();

    const leases = (mount: string): number => Number(read.get(`sealwatch_lease_walk_leases{mount="${mount}"}`));
    expect(leases("auth/approle-0/")).toBe(EACH);
    expect(leases("auth/approle-1/")).toBe(EACH);
    expect(leases("auth/team/approle/")).toBe(TEAM);
    expect(leases("auth/userpass/")).toBe(50);
    expect(leases("cubbyhole/")).toBe(0);
    expect(leases("auth/token/")).toBe(await tokenLeases(bao));
    const all = [...read].filter(([series]) => series.startsWith("sealwatch_lease_walk_leases{"));
    const own = await waitFor("Vault's own number", async () => {
      const { samples } = await outcomeOf(vault, createLeasesCollector());
      return seriesOf(samples).get("sealwatch_leases");
    });
    expect(all.reduce((sum, [, value]) => sum + Number(value), 0)).toBe(Number(own));
  });

  it("ends a walk as partial when its node steps down in the middle, and counts all of it again at the new leader", async () => {
    let lists = 0;
    const page = startWalking({
      ...vault,
      activeNode: async (options) => {
        const node = await vault.activeNode(options);
        const stream: typeof node.stream = async (...call) => {
          if (++lists === 4) await stepDown(bao);
          return await node.stream(...call);
        };
        return { ...node, stream };
      },
    });

    const partial = await waitFor("the end of the walk", async () => {
      const found = await page();
      return found.get("sealwatch_lease_walk_complete") === "0" ? found : undefined;
    });
    // The node may not know yet who leads instead, and then refuses the list; otherwise it says of itself that it is a standby.
    expect([...partial.keys()].join()).toMatch(/lease_walk_shortfall_info\{reason="(?:standby|no-leader)"\}/u);
    expect(partial.get("sealwatch_lease_walk_requests")).toBe("4");
    const complete = await waitFor("a complete walk at the new leader", async () => {
      const found = await page();
      return found.get("sealwatch_lease_walk_complete") === "1" ? found : undefined;
    });
    expect(complete.get(`sealwatch_lease_walk_leases{mount="auth/approle-0/"}`)).toBe(String(EACH));
  });
});

async function makeDeeperLeases(bao: OpenBaoCluster): Promise<void> {
  const active = await bao.activeNode();
  const root = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const { statusCode, body: answer } = await bao.call(active, method, path, body);
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode}`);
    return (answer ?? {}) as Record<string, unknown>;
  };
  const dataOf = (answer: Record<string, unknown>) => answer["data"] as Record<string, string>;
  await root("PUT", "sys/auth/team/approle", { type: "approle" });
  await root("PUT", "auth/team/approle/role/app", { token_ttl: "2h" });
  const { role_id } = dataOf(await root("GET", "auth/team/approle/role/app/role-id"));
  const { secret_id } = dataOf(await root("PUT", "auth/team/approle/role/app/secret-id"));
  await times(TEAM, async () => await root("PUT", "auth/team/approle/login", { role_id, secret_id }));
  await root("PUT", "sys/auth/userpass", { type: "userpass" });
  for (const [user, count] of Object.entries(USERS)) {
    await root("PUT", `auth/userpass/users/${user}`, { password: "not a secret", token_ttl: "2h" });
    await times(count, async () => await root("PUT", `auth/userpass/login/${user}`, { password: "not a secret" }));
  }
}

async function times(count: number, work: () => Promise<unknown>): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function stepDown(bao: OpenBaoCluster): Promise<void> {
  const old = await bao.activeNode();
  await bao.call(old, "PUT", "sys/step-down");
  await waitFor("another leader", async () => ((await bao.activeNode()).name === old.name ? undefined : true));
}

/** Counts the leases of tokens by a list of our own. */
async function tokenLeases(bao: OpenBaoCluster): Promise<number> {
  const { body } = await bao.call(await bao.activeNode(), "GET", "sys/leases/lookup/auth/token/create/?list=true");
  return (body as { data: { keys: readonly string[] } }).data.keys.length;
}

/** Series without `vault_cluster`, and their values. */
function seriesOf(samples: string): ReadonlyMap<string, string> {
  return new Map(
    samples.split("\n").map((line) => {
      const [series = "", value = ""] = line
        .replace(/vault_cluster="prod",?/u, "")
        .replace("{}", "")
        .split(" ");
      return [series, value];
    }),
  );
}
