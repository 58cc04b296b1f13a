import type { ServerResponse } from "node:http";
import { describe, expect, it } from "@jest/globals";
import type { Collector } from "../../src/exporter/collector.ts";
import { gauge, withValue } from "../../src/exporter/family.ts";
import { createScrapePage } from "../../src/exporter/scrape-page.ts";
import { nativeCluster } from "./passthrough/native-cluster.ts";
import { page, type AnswerMetrics, type NativeServerOptions } from "./passthrough/native-server.ts";
import { readPage, samplesIn } from "./passthrough/read-page.ts";

const PAGE = [
  "# HELP vault_core_active vault_core_active",
  "# TYPE vault_core_active gauge",
  `vault_core_active{cluster="c"} 1`,
  "# HELP vault_expire_num_leases vault_expire_num_leases",
  "# TYPE vault_expire_num_leases gauge",
  "vault_expire_num_leases 42",
  "",
].join("\n");

const active: NativeServerOptions = { state: "active", metrics: page(PAGE) };
const standby: NativeServerOptions = { state: "standby", metrics: page(PAGE) };
/** HashiCorp's Vault sends a standby's callers to the active node. */
const vaultStandby: NativeServerOptions = {
  state: "standby",
  metrics: (response) => response.writeHead(307, { Location: "http://elsewhere.invalid/v1/sys/metrics" }).end(),
};

const series = (node: number): string =>
  `vault_core_active{vault_cluster="prod",vault_node="vault-${node}",cluster="c"} 1`;
const leasesOf = (node: number): string =>
  `vault_expire_num_leases{vault_cluster="prod",vault_node="vault-${node}"} 42`;
const success = (node: number, value: number): string =>
  `sealwatch_passthrough_success{vault_cluster="prod",vault_node="vault-${node}"} ${value}`;

const total = gauge("sealwatch_leases", "Leases of the active node.");

/** Reads one of Vault's own metrics, as collectors do. */
const reader: Collector = {
  name: "reader",
  help: "Leases.",
  families: [total],
  policy: [],
  native: ["expire_num_leases"],
  collect: async ({ native }) => [withValue(total, (await native())[0]?.value)],
};

/** Writes a begin and then nothing more. */
const stalling: AnswerMetrics = (response) => {
  response.write(PAGE.slice(0, 130));
};
const dying: AnswerMetrics = (response) => {
  response.write(`${PAGE}# TYPE vault_z gauge\nvault_z 1`, () => response.destroy());
};
const failing =
  (code: number, words: string): AnswerMetrics =>
  (response: ServerResponse) => {
    response.writeHead(code, { "Content-Type": "application/json" }).end(JSON.stringify({ errors: [words] }));
  };

describe("createScrapePage", () => {
  it("asks no node for its own metrics when they are off and no collector wants any", async () => {
    await using nodes = await nativeCluster([active]);

    const { native, families } = await readPage([nodes.cluster], { mode: "off" });

    expect({ native, families }).toEqual({ native: "", families: "" });
    expect(nodes.servers.map(({ reads }) => reads())).toEqual([0]);
  });

  it("reads every node's page once, for the page and for the collectors", async () => {
    await using nodes = await nativeCluster([standby, active, standby]);

    const { native, outcomes } = await readPage([nodes.cluster], {
      collectors: [reader, { ...reader, name: "other" }],
    });

    expect(samplesIn(native)).toEqual([series(0), series(1), series(2), leasesOf(1)]);
    expect(outcomes.map(({ families, failure }) => ({ value: families[0]?.samples[0]?.value, failure }))).toEqual([
      { value: 42, failure: undefined },
      { value: 42, failure: undefined },
    ]);
    expect(nodes.servers.map(({ reads }) => reads())).toEqual([1, 1, 1]);
  });

  it("reads the active node alone when that is asked for", async () => {
    await using nodes = await nativeCluster([standby, active]);

    const { native, families } = await readPage([nodes.cluster], { mode: "active", collectors: [reader] });

    expect(samplesIn(native)).toEqual([series(1), leasesOf(1)]);
    expect(samplesIn(families)).toEqual([success(1, 1), expect.stringContaining("_samples")]);
    expect(nodes.servers.map(({ reads }) => reads())).toEqual([0, 1]);
  });

  it("gives collectors what they want while passthrough is off", async () => {
    await using nodes = await nativeCluster([standby, active]);

    const { native, outcomes } = await readPage([nodes.cluster], { mode: "off", collectors: [reader] });

    expect(native).toBe("");
    expect(outcomes[0]?.families[0]?.samples).toEqual([{ value: 42 }]);
  });

  it("tells what came of each node: a standby of Vault has no metrics of its own, and that is no failure", async () => {
    await using nodes = await nativeCluster([
      active,
      vaultStandby,
      { state: "sealed", metrics: failing(503, "Vault is sealed") },
    ]);

    const { families, native } = await readPage([nodes.cluster]);

    expect(samplesIn(native)).toEqual([series(0), leasesOf(0)]);
    expect(samplesIn(families)).toEqual([
      success(0, 1),
      success(1, 1),
      success(2, 0),
      `sealwatch_passthrough_samples{vault_cluster="prod",vault_node="vault-0"} 2`,
      `sealwatch_passthrough_samples{vault_cluster="prod",vault_node="vault-1"} 0`,
      `sealwatch_passthrough_samples{vault_cluster="prod",vault_node="vault-2"} 0`,
    ]);
  });

  it.each([
    { name: "denies", metrics: failing(403, "permission denied"), samples: [] },
    { name: "has no metrics", metrics: failing(400, "prometheus is not enabled"), samples: [] },
    { name: "dies in the middle of a line", metrics: dying, samples: [series(0)] },
    { name: "stops in the middle of its page", metrics: stalling, samples: [series(0)] },
  ])("loses no other node's series to one that $name", async ({ metrics, samples }) => {
    await using nodes = await nativeCluster([{ state: "standby", metrics }, active]);

    const { native, families, outcomes } = await readPage([nodes.cluster], { collectors: [reader] });

    expect(samplesIn(native)).toEqual([...samples, series(1), leasesOf(1)]);
    expect(samplesIn(families)).toEqual(expect.arrayContaining([success(0, 0), success(1, 1)]));
    expect(outcomes[0]?.failure).toBeUndefined();
  });

  it("does not ask a node for metrics that told nothing of itself", async () => {
    await using nodes = await nativeCluster([{ state: "unanswering", metrics: page(PAGE) }, active]);

    const { native, families } = await readPage([nodes.cluster], { timeoutMs: 1500 });

    expect(samplesIn(native)).toEqual([series(1), leasesOf(1)]);
    expect(samplesIn(families)).toEqual(expect.arrayContaining([success(0, 0), success(1, 1)]));
  });

  it("gives a node of another cluster no token, and shows nothing of it", async () => {
    await using nodes = await nativeCluster([active, standby, { ...standby, clusterId: "id-2" }]);

    const { native, families } = await readPage([nodes.cluster]);

    expect(samplesIn(native)).toEqual([series(0), series(1), leasesOf(0)]);
    expect(samplesIn(families)).toContain(success(2, 0));
    expect(nodes.servers.map(({ reads }) => reads())).toEqual([1, 1, 0]);
  });

  it("ends by its deadline when a node writes a little again and again", async () => {
    const dripping: AnswerMetrics = (response) => {
      const timer = setInterval(() => response.write("# a little\n"), 5);
      response.on("close", () => clearInterval(timer));
    };
    await using nodes = await nativeCluster([{ state: "standby", metrics: dripping }, active]);

    const { native, families } = await readPage([nodes.cluster], { timeoutMs: 1000 });

    expect(samplesIn(native)).toEqual([series(1), leasesOf(1)]);
    expect(samplesIn(families)).toEqual(expect.arrayContaining([success(0, 0), success(1, 1)]));
  });

  it("tells the collectors why the active node's metrics are missing", async () => {
    await using nodes = await nativeCluster([{ ...active, metrics: dying }, standby]);
    await using leaderless = await nativeCluster([standby]);

    const dead = await readPage([nodes.cluster], { collectors: [reader] });
    const none = await readPage([leaderless.cluster], { collectors: [reader] });

    expect(dead.outcomes[0]?.failure?.reason).toBe("unreachable");
    expect(none.outcomes[0]?.failure?.reason).toBe("no-leader");
  });

  it("ends every call when whoever reads the page leaves", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<string>();
    let line = 0;
    const endless: AnswerMetrics = (response) => {
      const more = (): void => {
        while (response.write(`vault_z{a="${(line += 1)}"} 1\n`));
      };
      response.on("close", () => resolve("closed")).on("drain", more);
      more();
    };
    await using nodes = await nativeCluster([{ ...active, metrics: endless }, active]);
    const { native, collect } = createScrapePage({
      clusters: [nodes.cluster],
      collectors: [reader],
      clock: { now: () => Date.now() },
      timeoutMs: 20_000,
      signal: new AbortController().signal,
      passthrough: { mode: "all", include: [], exclude: [] },
    });

    const outcomes = collect();
    for await (const piece of native ?? []) if (piece.length > 0) break;

    expect(await closed).toBe("closed");
    expect((await outcomes)[0]?.failure?.reason).toBe("aborted");
  });
});
