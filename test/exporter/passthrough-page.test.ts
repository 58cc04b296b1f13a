import { describe, expect, it } from "@jest/globals";
import type { Collector } from "../../src/exporter/collector.ts";
import { createNodeCollector } from "../../src/exporter/collectors/node.ts";
import { gauge, withValue } from "../../src/exporter/family.ts";
import { fakeCluster } from "./fake-cluster.ts";
import { serve } from "./serve.ts";

const METRICS = `# HELP vault_core_unsealed Whether it is.
# TYPE vault_core_unsealed gauge
vault_core_unsealed{cluster="c"} 1
# HELP vault_expire_num_leases Leases.
# TYPE vault_expire_num_leases gauge
vault_expire_num_leases 42
`;

const wanted = gauge("sealwatch_leases", "Leases.");
const leases: Collector = {
  name: "leases",
  help: "A collector of this test, which wants one of Vault's own metrics.",
  families: [wanted],
  policy: [],
  native: ["expire_num_leases"],
  collect: async ({ native }) => [withValue(wanted, (await native())[0]?.value)],
};

const all = { mode: "all" as const, include: [], exclude: [] };
const collectors = [createNodeCollector(), leases];
const clusters = () => [
  fakeCluster({
    nodes: [
      { name: "vault-0", state: "active" },
      { name: "vault-1", state: "sealed" },
    ],
    metrics: METRICS,
  }),
];

describe("a page with Vault's own metrics", () => {
  it("has them first, then ours, and tells how reading them went; collectors see them too", async () => {
    await using served = await serve({ clusters: clusters(), collectors, passthrough: all });

    const page = await (await fetch(`${served.url}/metrics`)).text();

    expect(page.startsWith("# HELP vault_core_unsealed")).toBe(true);
    expect(page.indexOf("vault_expire_num_leases{")).toBeLessThan(page.indexOf("sealwatch_"));
    expect(page).toContain(`sealwatch_leases{vault_cluster="prod"} 42\n`);
    expect(page).toContain(`sealwatch_passthrough_success{vault_cluster="prod",vault_node="vault-0"} 1\n`);
    expect(page).toContain("process_cpu_user_seconds_total ");
  });

  it("is Prometheus' text for everybody, because Vault's own names are not OpenMetrics'", async () => {
    await using served = await serve({ clusters: clusters(), collectors, passthrough: all });

    const response = await fetch(`${served.url}/metrics`, {
      headers: { accept: "application/openmetrics-text;version=1.0.0" },
    });

    expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  });

  it("has none of them in a probe whose module does not want them, nor when debugging", async () => {
    const modules = { plain: { collectors } };
    await using served = await serve({ clusters: clusters(), collectors, passthrough: all, modules });

    for (const query of ["target=prod&module=plain", "target=prod&debug=true"]) {
      const page = await (await fetch(`${served.url}/probe?${query}`)).text();
      expect(page).not.toContain("vault_core_unsealed");
      expect(page).toContain(`sealwatch_leases{vault_cluster="prod"} 42\n`);
    }
  });

  it("shows those of one node alone when only that is probed", async () => {
    await using served = await serve({ clusters: clusters(), collectors, passthrough: all });

    const page = await (await fetch(`${served.url}/probe?target=prod/vault-0`)).text();

    expect(page).toContain(`vault_core_unsealed{`);
    expect(page).not.toContain("vault-1");
  });
});
