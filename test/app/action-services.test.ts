import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { openActionServices } from "../../src/app/action-services.ts";
import { Backup } from "../../src/config/sections/backup.ts";
import { Probe } from "../../src/config/sections/probes.ts";
import { Prometheus } from "../../src/config/sections/prometheus.ts";
import { createDirectoryLists } from "../../src/investigation/directory-lists.ts";
import { aList } from "../investigation/a-list.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { json, startRawServer } from "../vault/raw-server.ts";

const NEVER = new AbortController().signal;

describe("the services of a configuration", () => {
  it("are only the runs of the store and a way to try ports where nothing is configured", async () => {
    const { services, close } = openActionServices(
      {
        clusters: [{ name: "prod", backups: [] }],
        exec: [],
        investigations: undefined,
        prometheus: undefined,
        probes: [],
      },
      { env: {} },
      createMemoryStore().runs,
    );
    expect(Object.keys(services).sort()).toEqual(["connectPort", "runs"]);
    await close();
  });

  it("ask the configured Prometheus with its token, the configured target without one, and tell of configured backups and lists", async () => {
    const answer = { status: "success", data: { resultType: "scalar", result: [1, "7"] } };
    await using server = await startRawServer(json(200, answer));
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, "nas"));
    await writeFile(join(directory.path, "nas", "vault.snap"), "a snapshot");
    await createDirectoryLists(join(directory.path, "lists")).save(aList());
    const config = {
      exec: [],
      investigations: { directory: join(directory.path, "lists") },
      clusters: [{ name: "prod", backups: [Backup.parse({ name: "nas", directory: join(directory.path, "nas") })] }],
      prometheus: Prometheus.parse({ url: server.address, token: { env: "PROMETHEUS_TOKEN" } }),
      probes: [Probe.parse({ name: "website", url: `${server.address}/health` })],
    };

    const { services, close } = openActionServices(
      config,
      { env: { PROMETHEUS_TOKEN: "canary" } },
      createMemoryStore().runs,
    );
    try {
      expect(await services.prometheus?.query("x", { signal: NEVER })).toMatchObject([{ points: [[1000, 7]] }]);
      expect(await services.httpProbes?.probe("website", { signal: NEVER })).toMatchObject({
        reached: true,
        status: 200,
      });
      expect(await services.backups?.newest("prod", { signal: NEVER })).toMatchObject({ destination: "nas" });
      expect(await services.investigations?.find("prod", "leaked-ci", { signal: NEVER })).toMatchObject({
        cluster: "prod",
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/u),
        madeAt: Date.parse("2026-01-01T01:00:00.000Z"),
        items: [{ id: 1, displayName: "token-ci", requests: 3 }],
        unresolved: 0,
      });
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
