import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { stringify } from "yaml";
import { COLLECTORS } from "../../src/config/sections/exporter.ts";
import { policyText } from "../../src/cli/subcommands/policy.ts";
import type { OpenBaoCluster, OpenBaoNode } from "../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { createCleanup } from "../../src/app/cleanup.ts";
import { openBaoForTest } from "../support/openbao.ts";
import { startPrometheus, type RunningPrometheus } from "../support/prometheus.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { comparable, isUpdating, readGolden, settled, writeGolden } from "./golden.ts";
import { withFailingAudit } from "./failing-audit.ts";
import { makeLeases } from "./make-leases.ts";
import { settingsOf } from "./night-world.ts";
import { renewCertificate } from "./renew-certificate.ts";
import { serveProcess, type ServedProcess } from "./served-process.ts";

/*
 * One real cluster is taken through the states that an exporter must tell apart, with `sealwatch serve` as a process of its own and a real
 * Prometheus that scrapes it every second all the while. What the page says in each state is in test/fixtures/exposition.
 */
jest.setTimeout(300_000);

const TOKEN_FREE = ["node", "leadership", "backup"];

describeWith(["openbao", "openssl", "prometheus"], "the exporter through the states of a real cluster", () => {
  const cleanup = createCleanup();
  let bao: OpenBaoCluster;
  let served: ServedProcess;
  let prometheus: RunningPrometheus;
  let tokenFile: string;
  let keys: readonly string[] = [];
  let rootToken = "";

  beforeAll(async () => {
    const directory = await temporaryDirectory();
    cleanup.add(async () => await directory[Symbol.asyncDispose]());
    bao = await openBaoForTest({ nodes: 3, clusterName: "prod", initialize: false });
    cleanup.add(async () => await bao[Symbol.asyncDispose]());
    tokenFile = join(directory.path, "token");
    const configFile = join(directory.path, "sealwatch.yaml");
    await writeFile(configFile, stringify(configuration(bao, directory.path)));
    served = await serveProcess(configFile, {});
    cleanup.add(async () => await served.kill("SIGTERM"));
    prometheus = await startPrometheus({
      directory: directory.path,
      scrape: [{ job: "sealwatch", targets: [new URL(served.address).host], intervalMs: 2000 }],
      rules: [],
    });
    cleanup.add(prometheus.stop);
  });

  afterAll(cleanup.run);

  const configuration = (cluster: OpenBaoCluster, directory: string) => ({
    listen: "127.0.0.1:0",
    store: { path: join(directory, "sealwatch.db") },
    exporter: { collectors: [...COLLECTORS], leaseWalk: { interval: "5s", requestsPerSecond: 50 } },
    clusters: [
      {
        name: "prod",
        nodes: cluster.nodes.map(({ name, address }) => ({ name, address })),
        tls: { caFile: cluster.caFile },
        token: { file: tokenFile },
      },
    ],
  });

  const scrape = async (): Promise<string> => {
    const headers = { "X-Prometheus-Scrape-Timeout-Seconds": "2", Accept: "text/plain" };
    return await (await fetch(`${served.address}/metrics`, { headers })).text();
  };

  /** Nodes by their part in a state, so that it does not matter who was elected. */
  const parts = (named: Readonly<Record<string, OpenBaoNode | undefined>>): Record<string, string> => {
    const known = Object.entries(named).flatMap(([part, node]) => (node === undefined ? [] : [[node.name, part]]));
    const others = bao.nodes.filter(({ name }) => !known.some(([node]) => node === name));
    return Object.fromEntries([...known, ...others.map(({ name }, index) => [name, `other-${index}`])]) as Record<
      string,
      string
    >;
  };

  /** Scrapes until the page of this state is the golden one: elections, autopilot and Vault's own gauges take their time. */
  const expectState = async (
    state: string,
    nodes: Readonly<Record<string, string>>,
    except?: RegExp,
  ): Promise<void> => {
    const look = async (): Promise<string> => comparable(await scrape(), nodes, except);
    if (isUpdating) await writeGolden(state, await settled(look));
    const golden = await readGolden(state);
    let seen = "";
    const isGolden = async (): Promise<true | undefined> => {
      seen = await look();
      return seen === golden ? true : undefined;
    };
    await waitFor(state, isGolden, { timeoutMs: 45_000, everyMs: 250 }).catch(() => undefined);
    expect(seen).toBe(golden);
  };

  const root = async (node: OpenBaoNode, method: string, path: string, body?: unknown) =>
    await bao.call(node, method, path, body, rootToken);

  const unseal = async (node: OpenBaoNode): Promise<void> => {
    await waitFor(`${node.name} initialised`, async () => {
      const { body } = await bao.call(node, "GET", "sys/seal-status", undefined, "");
      return (body as { readonly initialized: boolean }).initialized ? true : undefined;
    });
    for (const key of keys.slice(0, 2)) await node.unsealWith(key);
  };

  const [first, second, third] = [() => bao.node("vault-0"), () => bao.node("vault-1"), () => bao.node("vault-2")];

  it("uninitialised: three nodes that hold nothing", async () => {
    await expectState("uninitialised", parts({}));
  });

  it("sealed: initialised and waiting for key shares", async () => {
    const { body } = await bao.call(first(), "PUT", "sys/init", { secret_shares: 3, secret_threshold: 2 }, "");
    const made = body as { readonly keys_base64: readonly string[]; readonly root_token: string };
    keys = made.keys_base64;
    rootToken = made.root_token;
    await first().unsealWith(keys[0] ?? "");

    await expectState("sealed", parts({ leader: first() }));
  });

  it("one of three unsealed, which leads itself", async () => {
    await first().unsealWith(keys[1] ?? "");
    await waitFor("the others have joined", async () => {
      const page = await scrape();
      return page.match(/^sealwatch_node_state\{.*state="sealed"\} 1$/gmu)?.length === 2 ? true : undefined;
    });
    const policy = policyText(await settingsOf(join(tokenFile, "..", "sealwatch.yaml"), {}), "exporter");
    await root(first(), "PUT", "sys/policies/acl/sealwatch", { policy });
    await writeFile(tokenFile, await newToken());

    await expectState("one-of-three-unsealed", parts({ leader: first() }));
  });

  const newToken = async (): Promise<string> => {
    const options = { policies: ["sealwatch"], no_parent: true, period: "24h" };
    const { body } = await root(await bao.activeNode(), "POST", "auth/token/create", options);
    return (body as { readonly auth: { readonly client_token: string } }).auth.client_token;
  };

  it("all unsealed: everything is well", async () => {
    for (const node of [second(), third()]) await unseal(node);

    await expectState("all-unsealed", parts({ leader: first() }));
  });

  it("20 000 leases on five mounts are counted", async () => {
    const made = await makeLeases({ cluster: bao, token: rootToken, mounts: 5, each: 4000 });

    const leases = await waitFor("all leases", async () => {
      const count = Number(
        /^sealwatch_leases\{vault_cluster="prod"\} (?<count>\d+)$/mu.exec(await scrape())?.groups?.["count"],
      );
      return count >= made ? count : undefined;
    });
    expect(leases).toBeLessThan(made + 10);
    const byMount = await waitFor("a walk of all leases", async () => {
      const found = [
        ...(await scrape()).matchAll(/^sealwatch_lease_walk_leases\{.*mount="auth\/approle-\d\/"\} (?<count>\d+)$/gmu),
      ];
      const counts = found.map(({ groups }) => Number(groups?.["count"]));
      return counts.length === 5 && counts.every((count) => count === 4000) ? counts : undefined;
    });
    expect(byMount).toHaveLength(5);
  });

  it("after a step-down another leads, and the change is counted once", async () => {
    const before = await bao.activeNode();
    await root(before, "PUT", "sys/step-down");
    const after = await waitFor("another leader", async () => {
      const active = await bao.activeNode();
      return active.name === before.name ? undefined : active;
    });

    await expectState("after-step-down", parts({ leader: after }));
    expect(await scrape()).toMatch(/^sealwatch_cluster_leader_changes_total\{vault_cluster="prod"\} 1$/mu);
  });

  it("a frozen leader is unreachable, not sealed, and another takes over", async () => {
    const frozen = await bao.activeNode();
    frozen.suspend();
    try {
      const after = await waitFor("another leader", async () => {
        const active = await bao.activeNode();
        return active.name === frozen.name ? undefined : active;
      });
      await expectState("frozen-leader", parts({ leader: after, frozen }));
    } finally {
      frozen.resume();
    }
  });

  it("one killed: the margin is gone", async () => {
    const active = await bao.activeNode();
    const killed = bao.nodes.find(({ name }) => name !== active.name) ?? first();
    await killed.kill();

    await expectState("one-killed", parts({ leader: active, killed }));
  });

  it("quorum lost: who is left knows no leader, and every node still has its state", async () => {
    const left = bao.nodes.filter(({ pid }) => pid !== undefined);
    const active = await bao.activeNode();
    await active.kill();
    const survivor = left.find(({ name }) => name !== active.name) ?? first();

    // Who is left goes on naming the dead leader for as long as it likes: that is no sign of life.
    await expectState("quorum-lost", parts({ survivor, killed: active }), /_leader_(?:info|known|views)\b/u);
  });

  it("back again: all that was there is there", async () => {
    for (const node of bao.nodes.filter(({ pid }) => pid === undefined)) {
      await node.start();
      await unseal(node);
    }
    await bao.activeNode();

    await expectState("all-unsealed", parts({ leader: await bao.activeNode() }));
  });

  it("a certificate that ends soon says when", async () => {
    const ends = (page: string) =>
      Number(
        /^sealwatch_node_certificate_not_after_timestamp_seconds\{.*vault_node="vault-2"\} (?<at>\S+)$/mu.exec(page)
          ?.groups?.["at"],
      );
    const before = ends(await scrape());
    await renewCertificate(third(), bao.caFile);

    const after = await waitFor("the new certificate", async () => {
      const seen = ends(await scrape());
      return seen === before ? undefined : seen;
    });
    expect(after - Date.now() / 1000).toBeLessThan(24 * 3600);
    expect(after - Date.now() / 1000).toBeGreaterThan(22 * 3600);
  });

  it("a revoked token costs what needs one, and nothing else", async () => {
    const good = await newToken();
    const revoked = await newToken();
    await writeFile(tokenFile, revoked);
    await waitFor("the new token in use", async () =>
      (await scrape()).includes(`collector="raft"} 1`) ? true : undefined,
    );
    await root(await bao.activeNode(), "POST", "auth/token/revoke", { token: revoked });

    await expectState("token-revoked", parts({ leader: await bao.activeNode() }));

    await writeFile(tokenFile, good);
    await expectState("all-unsealed", parts({ leader: await bao.activeNode() }));
  });

  it("a leader whose audit devices all fail is suspected: it looks healthy and refuses every request", async () => {
    const leader = await bao.activeNode();
    await withFailingAudit(leader, async () => await expectState("audit-failing", parts({ leader })));

    await expectState("all-unsealed", parts({ leader: await bao.activeNode() }));
  });

  it("was scraped by Prometheus all the while: never late, no sample dropped, none twice", async () => {
    const one = async (query: string): Promise<number> => (await prometheus.query(query))[0]?.value ?? Number.NaN;

    expect(await one(`min_over_time(up{job="sealwatch"}[30m])`)).toBe(1);
    expect(await one(`max_over_time(scrape_duration_seconds{job="sealwatch"}[30m])`)).toBeLessThan(2);
    expect(await one(`scrape_samples_scraped - scrape_samples_post_metric_relabeling`)).toBe(0);
    const own = await (await fetch(`${prometheus.address}/metrics`)).text();
    for (const trouble of ["duplicate_timestamp", "out_of_order", "out_of_bounds"])
      expect(own).toMatch(new RegExp(`^prometheus_target_scrapes_sample_${trouble}_total 0$`, "mu"));
    for (const collector of TOKEN_FREE)
      expect(await one(`min_over_time(sealwatch_collector_success{collector="${collector}"}[30m])`)).toBe(1);
  });
});
