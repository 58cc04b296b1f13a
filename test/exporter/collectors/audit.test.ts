import { describe, expect, it } from "@jest/globals";
import { audit } from "../../../src/exporter/collectors/audit.ts";
import { collect } from "../../../src/exporter/collect.ts";
import { expose } from "../../../src/exporter/expose.ts";
import { fakeCluster, NOW } from "../fake-cluster.ts";
import { outcomeOf, samplesOf, withoutHelp } from "../scrape.ts";

const nodes = [
  { name: "vault-1", state: "standby" as const },
  { name: "vault-0", state: "active" as const },
];
const DEVICES = `sealwatch_audit_devices{vault_cluster="prod"} 2
sealwatch_audit_devices_by_type{vault_cluster="prod",device_type="file"} 2`;
const CHECKED = `sealwatch_audit_suspected{vault_cluster="prod"} 0
sealwatch_audit_check_success{vault_cluster="prod"} 1
sealwatch_audit_check_duration_seconds{vault_cluster="prod"} 0`;

describe("audit collector", () => {
  it("counts the devices and says that an audited read works", async () => {
    expect(await samplesOf(fakeCluster({ nodes }), audit)).toBe(`${DEVICES}\n${CHECKED}`);
  });

  it("counts each kind of device", async () => {
    const device = (type: string) => ({ type, options: { address: "not to be kept" } });
    const data = { "file/": device("file"), "siem/": device("socket"), "old/": device("file") };

    expect(await samplesOf(fakeCluster({ nodes, answers: { "sys/audit": { data } } }), audit)).toContain(
      `sealwatch_audit_devices{vault_cluster="prod"} 3
sealwatch_audit_devices_by_type{vault_cluster="prod",device_type="file"} 2
sealwatch_audit_devices_by_type{vault_cluster="prod",device_type="socket"} 1`,
    );
  });

  it("writes no device at all as a value", async () => {
    const cluster = fakeCluster({ nodes, answers: { "sys/audit": { data: {} } } });

    expect(await samplesOf(cluster, audit)).toBe(`sealwatch_audit_devices{vault_cluster="prod"} 0\n${CHECKED}`);
  });

  it("asks the active node alone, for the list and for one small read", async () => {
    const cluster = fakeCluster({ nodes });

    await samplesOf(cluster, audit);

    expect(cluster.calls.map(({ node, path }) => `${node} ${path}`).sort()).toEqual([
      "vault-0 auth/token/lookup-self",
      "vault-0 sys/audit",
    ]);
  });

  it.each(["denied", "not-found", "refused", "server-error", "invalid-answer", "rate-limited"] as const)(
    "checks all the same when the list of devices is %s",
    async (reason) => {
      const cluster = fakeCluster({ nodes, answers: { "sys/audit": reason } });

      expect(await outcomeOf(cluster, audit)).toEqual({ samples: CHECKED, reason });
    },
  );

  it.each(["server-error", "timeout"] as const)("suspects the audit when the read ends with %s", async (reason) => {
    const cluster = fakeCluster({ nodes, answers: { "auth/token/lookup-self": reason } });

    expect(await outcomeOf(cluster, audit)).toEqual({
      samples: `${DEVICES}
sealwatch_audit_suspected{vault_cluster="prod"} 1
sealwatch_audit_check_success{vault_cluster="prod"} 0
sealwatch_audit_check_duration_seconds{vault_cluster="prod"} 0`,
      reason: undefined,
    });
  });

  it.each(["denied", "rate-limited", "unreachable", "invalid-answer", "sealed", "standby"] as const)(
    "does not judge the audit by a read that was %s, and says that it failed",
    async (reason) => {
      const cluster = fakeCluster({ nodes, answers: { "auth/token/lookup-self": reason } });

      expect(await outcomeOf(cluster, audit)).toEqual({
        samples: `${DEVICES}
sealwatch_audit_check_success{vault_cluster="prod"} 0
sealwatch_audit_check_duration_seconds{vault_cluster="prod"} 0`,
        reason,
      });
    },
  );

  it.each([
    { name: "just below a second", tookMs: 999, suspected: 0 },
    { name: "a second", tookMs: 1000, suspected: 1 },
  ])("suspects a disk or a socket behind a read that took $name: $suspected", async ({ tookMs, suspected }) => {
    const cluster = fakeCluster({ nodes });
    const active = cluster.node("vault-0");
    let now = NOW;
    const slow: typeof active = {
      ...active,
      read: async (endpoint, options) => {
        const answer = await active.read(endpoint, options);
        if (endpoint.path === "auth/token/lookup-self") now += tookMs;
        return answer;
      },
    };

    const [outcome] = await collect({
      clusters: [{ ...cluster, activeNode: async () => await Promise.resolve(slow) }],
      collectors: [audit],
      clock: { now: () => now },
      signal: new AbortController().signal,
      timeoutMs: 9000,
    });

    const samples = withoutHelp(expose(outcome?.families ?? []));
    expect(samples).toContain(`sealwatch_audit_suspected ${suspected}\n`);
    expect(samples).toContain(`sealwatch_audit_check_duration_seconds ${tookMs / 1000}`);
  });
});
