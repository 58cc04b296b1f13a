import { execFile } from "node:child_process";
import { rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { createCollectors } from "../../src/exporter/registry.ts";
import type { OpenBaoCluster, OpenBaoNode } from "../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { openBaoForTest, type TestClusterOptions } from "../support/openbao.ts";
import { describeWith } from "../support/real.ts";
import { exporterView } from "./exporter-view.ts";
import { serve, type Served } from "./serve.ts";

const NAMES = ["raft", "audit", "keyring", "ceremonies", "quotas", "kms", "license", "replication", "own-token"];
const collectors = createCollectors({ backups: [], enabled: NAMES });
const system = { now: () => Date.now() };

/** A page by series, without prefix and without `vault_cluster`. */
type Page = ReadonlyMap<string, number>;

/** Reads the page as Prometheus does with this time-out in seconds; default 10. */
type Scrape = (timeoutSeconds?: number) => Promise<Page>;

/** A real cluster, seen by an exporter whose token can do what its collectors declare and nothing more. */
type Watched = AsyncDisposable & { readonly bao: OpenBaoCluster; readonly scrape: Scrape };

async function watch(options: TestClusterOptions): Promise<Watched> {
  const bao = await openBaoForTest(options);
  const vault: VaultCluster = await exporterView(bao, collectors);
  const served: Served = await serve({ clusters: [vault], collectors, clock: system });
  const scrape: Scrape = async (timeoutSeconds = 10) => {
    const headers = { "X-Prometheus-Scrape-Timeout-Seconds": String(timeoutSeconds) };
    const page = await (await fetch(`${served.url}/metrics`, { headers })).text();
    const lines = page.matchAll(/^sealwatch_(?<series>\S+) (?<value>\S+)$/gmu);
    const ours = (series: string): string => series.replace(/vault_cluster="prod",?/u, "").replace("{}", "");
    return new Map([...lines].map(({ groups }) => [ours(groups?.["series"] ?? ""), Number(groups?.["value"])]));
  };
  const dispose = async (): Promise<void> => {
    await served[Symbol.asyncDispose]();
    await vault.close();
    await bao[Symbol.asyncDispose]();
  };
  return { bao, scrape, [Symbol.asyncDispose]: dispose };
}

const succeeded = (page: Page): readonly string[] =>
  NAMES.filter((name) => page.get(`collector_success{collector="${name}"}`) === 1);

describeWith(["openbao", "openssl"], "the system's own affairs on a real cluster", () => {
  let watched: Watched;
  let bao: OpenBaoCluster;
  let scrape: Scrape;

  beforeAll(async () => {
    watched = await watch({ nodes: 3 });
    ({ bao, scrape } = watched);
  });

  afterAll(async () => {
    await watched[Symbol.asyncDispose]();
  });

  const change = async (method: string, path: string, body?: unknown): Promise<void> => {
    const { statusCode } = await bao.call(await bao.activeNode(), method, path, body);
    expect(statusCode).toBeLessThan(300);
  };

  it("are all read with no more than the declared policy", async () => {
    const page = await scrape();

    expect(succeeded(page)).toEqual(NAMES);
    expect(page.get("audit_devices")).toBe(2);
    expect(page.get(`audit_devices_by_type{device_type="file"}`)).toBe(2);
    expect(page.get("audit_suspected")).toBe(0);
    expect(page.get("audit_check_duration_seconds")).toBeLessThan(1);
    expect(page.get("quota_exempt_paths")).toBeGreaterThan(0);
    const token = page.get("token_expire_timestamp_seconds") ?? 0;
    expect(Math.abs(token - Date.now() / 1000 - 86_400)).toBeLessThan(120);
    expect(page.get("token_renewable")).toBe(1);
    expect(page.get("raft_term")).toBeGreaterThan(0);
    expect([...page.keys()].filter((series) => /^(?:kms|license|replication)_/u.test(series))).toEqual([]);
  });

  it("show a new key after a rotation", async () => {
    const before = await scrape();

    await change("PUT", "sys/rotate");

    const after = await scrape();
    expect(after.get("keyring_term")).toBe((before.get("keyring_term") ?? 0) + 1);
    const installed = "keyring_install_timestamp_seconds";
    expect(after.get(installed)).toBeGreaterThan(before.get(installed) ?? Infinity);
  });

  it.each([
    { ceremony: "root-token", path: "sys/generate-root-token/attempt", body: undefined },
    { ceremony: "rekey", path: "sys/rotate/root/init", body: { secret_shares: 5, secret_threshold: 3 } },
  ])("show the ceremony $ceremony while it is in progress, and no longer", async ({ ceremony, path, body }) => {
    const series = `ceremony_in_progress{ceremony="${ceremony}"}`;
    expect((await scrape()).get(series)).toBe(0);

    await change("PUT", path, body);

    const during = await scrape();
    expect(during.get(series)).toBe(1);
    expect(during.get(`ceremony_required{ceremony="${ceremony}"}`)).toBe(2);
    await change("DELETE", path);
    expect((await scrape()).get(series)).toBe(0);
  });

  it("show a quota, and the requests that it refused", async () => {
    const refusals = `quota_rate_limit_violations_total{quota="narrow"}`;
    expect((await scrape()).get("quota_rate_limits")).toBe(0);
    await change("PUT", "sys/quotas/rate-limit/narrow", { rate: 2, interval: "1h", path: "sys/policies/acl/nobody" });

    const active = await bao.activeNode();
    const codes = [];
    for (let call = 0; call < 5; call++)
      codes.push((await bao.call(active, "GET", "sys/policies/acl/nobody")).statusCode);

    expect(codes.filter((code) => code === 429)).toHaveLength(3);
    const page = await scrape();
    expect(page.get("quota_rate_limits")).toBe(1);
    expect(page.get(`quota_rate_limit_requests{quota="narrow"}`)).toBe(2);
    expect(page.get(`quota_rate_limit_interval_seconds{quota="narrow"}`)).toBe(3600);
    expect(page.get(refusals)).toBe(3);
    await change("DELETE", "sys/quotas/rate-limit/narrow");
    expect((await scrape()).get("quota_rate_limits")).toBe(0);
  });

  it("do not suspect the audit when one of two devices cannot write: Vault does not say so", async () => {
    const active = await bao.activeNode();

    await breakDevice(active, "audit-file-a.log");

    const page = await waitFor("a device that fails while the audit is trusted", async () => {
      const read = await scrape();
      return (await active.log()).includes("backend failed to log") ? read : undefined;
    });
    expect(page.get("audit_suspected")).toBe(0);
  });

  it("suspect the audit when no device can write, and trust it again when both can", async () => {
    const active = await bao.activeNode();

    await breakDevice(active, "audit-file-b.log");

    const page = await waitFor("a failing audit", async () => {
      const read = await scrape();
      return read.get("audit_suspected") === 1 ? read : undefined;
    });
    expect(page.get("audit_check_success")).toBe(0);
    expect(page.has("audit_devices")).toBe(false);
    expect(succeeded(page)).toEqual(["kms", "license", "replication"]);
    await mendDevice(active, "audit-file-a.log");
    await mendDevice(active, "audit-file-b.log");
    await waitFor("a trusted audit", async () =>
      succeeded(await scrape()).length === NAMES.length ? true : undefined,
    );
  });

  it("suspect the audit when one device never returns, within the scrape's deadline", async () => {
    const active = await bao.activeNode();

    await hangDevice(active, "audit-file-a.log");

    const page = await waitFor("an audit that hangs", async () => {
      const read = await scrape(2);
      return read.get("audit_suspected") === 1 ? read : undefined;
    });
    expect(page.get("audit_check_success")).toBe(0);
    expect(page.get("audit_check_duration_seconds")).toBeLessThan(1.5);
    expect(page.get("raft_voters")).toBeUndefined();
  });
});

describeWith(["openbao", "openssl"], "the system's own affairs with auto-unseal", () => {
  it("are all read with no more than the declared policy, recovery keys included", async () => {
    await using watched = await watch({ nodes: 1, seal: { type: "static" } });

    const page = await watched.scrape();

    expect(succeeded(page)).toEqual(NAMES);
    expect(page.get(`ceremony_in_progress{ceremony="recovery-rekey"}`)).toBe(0);
    // OpenBao looks at its KMS 10 minutes after it became active, and not sooner.
    expect(page.has("kms_healthy")).toBe(false);
  });
});

/** A device whose file is a pipe that nobody reads: opening it never ends, and every request waits for it. */
async function hangDevice({ directory, pid }: OpenBaoNode, file: string): Promise<void> {
  await rm(join(directory, file));
  await promisify(execFile)("mkfifo", [join(directory, file)]);
  process.kill(pid ?? Number.NaN, "SIGHUP");
}

/** A device on a full disk: every write to it fails. The server opens its files again at SIGHUP. */
async function breakDevice({ directory, pid }: OpenBaoNode, file: string): Promise<void> {
  await rename(join(directory, file), join(directory, `${file}.kept`));
  await symlink("/dev/full", join(directory, file));
  process.kill(pid ?? Number.NaN, "SIGHUP");
}

async function mendDevice({ directory, pid }: OpenBaoNode, file: string): Promise<void> {
  await rm(join(directory, file));
  process.kill(pid ?? Number.NaN, "SIGHUP");
}
