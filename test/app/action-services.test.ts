import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { openActionServices } from "../../src/app/action-services.ts";
import { Backup } from "../../src/config/sections/backup.ts";
import { Probe } from "../../src/config/sections/probes.ts";
import { Prometheus } from "../../src/config/sections/prometheus.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { json, startRawServer } from "../vault/raw-server.ts";

const NEVER = new AbortController().signal;

describe("the services of a configuration", () => {
  it("are none where nothing is configured", async () => {
    const { services, close } = openActionServices(
      { clusters: [{ name: "prod", backups: [] }], prometheus: undefined, probes: [] },
      { env: {} },
    );
    expect(services).toEqual({});
    await close();
  });

  it("ask the configured Prometheus with its token, the configured target without one, and tell of configured backups", async () => {
    const answer = { status: "success", data: { resultType: "scalar", result: [1, "7"] } };
    await using server = await startRawServer(json(200, answer));
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, "nas"));
    await writeFile(join(directory.path, "nas", "vault.snap"), "a snapshot");
    const config = {
      clusters: [{ name: "prod", backups: [Backup.parse({ name: "nas", directory: join(directory.path, "nas") })] }],
      prometheus: Prometheus.parse({ url: server.address, token: { env: "PROMETHEUS_TOKEN" } }),
      probes: [Probe.parse({ name: "website", url: `${server.address}/health` })],
    };

    const { services, close } = openActionServices(config, { env: { PROMETHEUS_TOKEN: "canary" } });
    try {
      expect(await services.prometheus?.query("x", { signal: NEVER })).toMatchObject([{ points: [[1000, 7]] }]);
      expect(await services.httpProbes?.probe("website", { signal: NEVER })).toMatchObject({
        reached: true,
        status: 200,
      });
      expect(await services.backups?.newest("prod", { signal: NEVER })).toMatchObject({ destination: "nas" });
      expect(services.snapshots?.describe("prod")).toBe(join(directory.path, "nas"));
      expect(await services.snapshots?.find("prod", "vault.snap", { signal: NEVER })).toBeUndefined();
      expect(server.received.map(({ url, headers }) => [url, headers.authorization])).toEqual([
        ["/api/v1/query", "Bearer canary"],
        ["/health", undefined],
      ]);
    } finally {
      await close();
    }
  });
});
