import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { createLeasesCollector } from "../../../src/exporter/collectors/leases.ts";
import type { OpenBaoCluster, OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { requireBinary } from "../../support/binaries.ts";
import { openBaoForTest } from "../../support/openbao.ts";
import { startPrometheus } from "../../support/prometheus.ts";
import { describeWith } from "../../support/real.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { exporterView } from "../exporter-view.ts";
import { readPage, samplesIn, type ReadPage } from "./read-page.ts";
import { readStrictly, type StrictFamily } from "./strict-page.ts";

describeWith(
  ["openbao", "openssl", "promtool", "prometheus"],
  "the metrics of a real cluster of three on one page",
  () => {
    const leases = createLeasesCollector();
    let bao: OpenBaoCluster;
    let vault: VaultCluster;

    beforeAll(async () => {
      bao = await openBaoForTest({ nodes: 3 });
      vault = await exporterView(bao, [leases]);
    });

    afterAll(async () => {
      await vault.close();
      await bao[Symbol.asyncDispose]();
    });

    const nodesOf = (family: StrictFamily | undefined): readonly string[] =>
      bao.nodes
        .map(({ name }) => name)
        .filter((name) =>
          [...(family?.series.keys() ?? [])].some((series) => series.includes(`["vault_node","${name}"]`)),
        );

    const familyOf = ({ native }: ReadPage, name: string): StrictFamily | undefined =>
      readStrictly(native).find((family) => family.name === name);

    /** Scrapes until every node answers and the active one has told its leases: after a step-down both take a moment. */
    const untilLeases = async (): Promise<ReadPage> =>
      waitFor("every node's metrics, and the leases of the active node", async () => {
        const page = await readPage([vault], { collectors: [leases] });
        const all = !/^sealwatch_passthrough_success\{.*\} 0$/mu.test(page.families);
        return all && familyOf(page, "vault_expire_num_leases") !== undefined ? page : undefined;
      });

    const nativePage = async (node: OpenBaoNode): Promise<string> =>
      String((await bao.call(node, "GET", "sys/metrics?format=prometheus")).body);

    it("has every node's series, each family once, and what only the active node knows from it alone", async () => {
      const page = await untilLeases();
      const active = await bao.activeNode();

      expect(nodesOf(familyOf(page, "vault_core_unsealed"))).toEqual(bao.nodes.map(({ name }) => name));
      expect(nodesOf(familyOf(page, "vault_process_open_fds"))).toEqual(bao.nodes.map(({ name }) => name));
      expect(nodesOf(familyOf(page, "vault_autopilot_healthy"))).toEqual([active.name]);
      expect(page.outcomes.map(({ failure }) => failure)).toEqual([undefined]);
      expect(page.families).not.toContain(`reason="invalid"`);
      expect(page.families).not.toContain(`reason="out-of-order"`);
    });

    it("has the active node's series alone when that is asked for", async () => {
      const { native } = await readPage([vault], { mode: "active" });
      const active = await bao.activeNode();

      const nodes = readStrictly(native).flatMap(nodesOf);
      expect(new Set(nodes)).toEqual(new Set([active.name]));
    });

    it("adds nothing that promtool complains about to what it says of the nodes' own pages", async () => {
      const own = await Promise.all(bao.nodes.map(async (node) => await checkMetrics(await nativePage(node))));
      const { native, families } = await readPage([vault]);

      const merged = await checkMetrics(native + families);

      // Vault's counters do not end in _total and its names are in camelCase; 1 would be a page that cannot be read.
      expect(merged.code).toBe(3);
      const known = new Set(own.flatMap(({ complaints }) => complaints));
      expect(own.map(({ code }) => code)).toEqual([3, 3, 3]);
      expect(merged.complaints.filter((complaint) => !known.has(complaint))).toEqual([]);
      expect(merged.complaints.filter((complaint) => complaint.includes("sealwatch_"))).toEqual([]);
    });

    it("is silent under promtool without the families that promtool complains about on the nodes' own pages", async () => {
      const complaints = (await checkMetrics((await readPage([vault])).native)).complaints;
      const exclude = complaints.map((complaint) => complaint.split(" ")[0] ?? "");

      const { native } = await readPage([vault], { exclude });

      expect(samplesIn(native).length).toBeGreaterThan(100);
      expect(await checkMetrics(native)).toEqual({ code: 0, complaints: [] });
    });

    it("is taken by a real Prometheus whole: no sample dropped, none twice", async () => {
      await using directory = await temporaryDirectory();
      await using served = await serveText(async () => {
        const { native, families } = await readPage([vault]);
        return native + families;
      });
      await using prometheus = await startPrometheus({
        directory: directory.path,
        rules: [],
        scrape: [{ job: "sealwatch", targets: [served.target], intervalMs: 1000 }],
      });

      const [scraped] = await waitFor("a scrape", async () => {
        const samples = await prometheus.query(`scrape_samples_scraped{job="sealwatch"} > 0`);
        return samples.length > 0 ? samples : undefined;
      });
      const [stored] = await prometheus.query(`count({vault_cluster="prod"})`);
      const log = await (await fetch(`${prometheus.address}/metrics`)).text();

      expect(scraped?.value).toBeGreaterThan(500);
      expect(stored?.value).toBeGreaterThan(500);
      for (const counter of [
        "sample_duplicate_timestamp",
        "sample_out_of_order",
        "sample_out_of_bounds",
        "exemplar_out_of_order",
      ])
        expect(log).toContain(`prometheus_target_scrapes_${counter}_total 0\n`);
      expect(await prometheus.query(`up{job="sealwatch"} == 0`)).toEqual([]);
    });

    it("says of a sealed node that its metrics could not be read, and goes on with the others", async () => {
      const active = await bao.activeNode();
      const sealed = bao.nodes.find(({ name }) => name !== active.name);

      await sealed?.seal();
      const page = await readPage([vault]);

      expect(page.families).toContain(
        `sealwatch_passthrough_success{vault_cluster="prod",vault_node="${sealed?.name}"} 0\n`,
      );
      expect(nodesOf(familyOf(page, "vault_core_unsealed"))).toHaveLength(2);
      await sealed?.unseal();
    });

    it("shows nothing of what an old leader still says of when it led", async () => {
      const old = await bao.activeNode();
      await bao.call(old, "PUT", "sys/step-down");
      await waitFor("another active node", async () => ((await bao.activeNode()).name === old.name ? undefined : true));

      const page = await untilLeases();
      const active = await bao.activeNode();

      const own = await waitFor("the old leader's own page", async () => {
        const text = await nativePage(old);
        return text.includes("vault_core_active") ? text : undefined;
      });
      expect(own).toContain("\nvault_autopilot_healthy ");
      expect(own).toContain("\nvault_expire_num_leases ");
      expect(nodesOf(familyOf(page, "vault_autopilot_healthy"))).toEqual([active.name]);
      expect(nodesOf(familyOf(page, "vault_expire_num_leases"))).toEqual([active.name]);
      expect(page.families).toMatch(
        new RegExp(
          `sealwatch_passthrough_dropped_samples\\{vault_cluster="prod",vault_node="${old.name}",reason="stale"\\} \\d+`,
          "u",
        ),
      );
    });
  },
);

/** Gives a page to `promtool check metrics`: 0 is silence, 3 are complaints about names, 1 is a page that cannot be read. */
async function checkMetrics(page: string): Promise<{ code: number; complaints: readonly string[] }> {
  const child = spawn(requireBinary("promtool"), ["check", "metrics"], { stdio: ["pipe", "ignore", "pipe"] });
  const complaints = child.stderr.setEncoding("utf8").toArray();
  child.stdin.end(page);
  const [code] = (await once(child, "close")) as [number];
  const lines = (await complaints).join("").split("\n");
  return { code, complaints: lines.filter((line) => line !== "") };
}

async function serveText(read: () => Promise<string>): Promise<AsyncDisposable & { readonly target: string }> {
  const server = createServer((_request, response) => {
    read().then(
      (text) => response.setHeader("Content-Type", "text/plain; version=0.0.4").end(text),
      () => response.writeHead(500).end(),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
