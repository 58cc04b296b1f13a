import { describe, expect, it } from "@jest/globals";
import { ceremonies } from "../../../src/exporter/collectors/ceremonies.ts";
import { fakeCluster, type FakeClusterOptions, type FakeNode } from "../fake-cluster.ts";
import { outcomeOf, samplesOf, scrape } from "../scrape.ts";
import { recorded } from "../system-answers.ts";

const cluster = (facts: Pick<FakeNode, "health" | "seal"> = {}, answers: FakeClusterOptions["answers"] = {}) =>
  fakeCluster({
    nodes: [
      { name: "vault-1", state: "standby", ...facts },
      { name: "vault-0", state: "active", ...facts },
    ],
    answers,
  });

const AUTO_UNSEAL = { type: "awskms", recoverySeal: true };
const vault = (version: string) => ({ hasVaultOnlyKeys: true, version });
const OPENBAO = { required: 2, started: false };

const idle = (name: string, required: number): readonly string[] => [
  `sealwatch_ceremony_in_progress{vault_cluster="prod",ceremony="${name}"} 0`,
  `sealwatch_ceremony_progress{vault_cluster="prod",ceremony="${name}"} 0`,
  `sealwatch_ceremony_required{vault_cluster="prod",ceremony="${name}"} ${required}`,
];

const linesOf = (samples: string): readonly string[] => samples.split("\n").sort();

describe("ceremonies collector", () => {
  it("writes that nobody makes a root token or new key shares", async () => {
    const samples = await samplesOf(cluster(), ceremonies);

    expect(linesOf(samples)).toEqual([...idle("root-token", 2), ...idle("rekey", 2)].sort());
  });

  it("asks for recovery keys where there are some", async () => {
    const samples = await samplesOf(cluster({ seal: AUTO_UNSEAL }), ceremonies);

    const all = [...idle("root-token", 2), ...idle("rekey", 2), ...idle("recovery-rekey", 2)];
    expect(linesOf(samples)).toEqual(all.sort());
  });

  it("writes what was started and how far it is, and never a nonce, an OTP or an encoded token", async () => {
    const started = cluster(
      {},
      {
        "sys/generate-root-token/attempt": recorded("openbao-generate-root-token-started"),
        "sys/rotate/root/init": recorded("openbao-rotate-root-started"),
      },
    );

    const outcomes = await scrape(started, [ceremonies]);

    expect(await samplesOf(started, ceremonies)).toBe(
      `sealwatch_ceremony_in_progress{vault_cluster="prod",ceremony="root-token"} 1
sealwatch_ceremony_in_progress{vault_cluster="prod",ceremony="rekey"} 1
sealwatch_ceremony_progress{vault_cluster="prod",ceremony="root-token"} 0
sealwatch_ceremony_progress{vault_cluster="prod",ceremony="rekey"} 1
sealwatch_ceremony_required{vault_cluster="prod",ceremony="root-token"} 2
sealwatch_ceremony_required{vault_cluster="prod",ceremony="rekey"} 2`,
    );
    expect(JSON.stringify(outcomes)).not.toMatch(/Av06yk3w|f6bfefa3|e5bf381b/u);
  });

  it.each([
    {
      name: "OpenBao",
      facts: {},
      asked: ["sys/generate-root-token/attempt", "sys/rotate/root/init"],
    },
    {
      name: "OpenBao with auto-unseal",
      facts: { seal: AUTO_UNSEAL },
      asked: ["sys/generate-root-token/attempt", "sys/rotate/recovery/init", "sys/rotate/root/init"],
    },
    { name: "Vault 1.21, which asks for none", facts: { health: vault("1.21.2"), seal: AUTO_UNSEAL }, asked: [] },
    {
      name: "Vault 2.0",
      facts: { health: vault("2.0.4"), seal: AUTO_UNSEAL },
      asked: ["sys/generate-root/attempt", "sys/rekey-recovery-key/init", "sys/rekey/init"],
    },
    {
      name: "a Vault that hides its version",
      facts: { health: vault("") },
      asked: ["sys/generate-root/attempt", "sys/rekey/init"],
    },
  ])("calls with its token what $name has, on the active node", async ({ facts, asked }) => {
    const seen = cluster(facts);

    const samples = await samplesOf(seen, ceremonies);

    expect(seen.calls.map(({ path }) => path).sort()).toEqual(asked);
    expect(seen.calls.filter(({ node }) => node !== "vault-0")).toEqual([]);
    expect(samples).toContain(`sealwatch_ceremony_in_progress{vault_cluster="prod",ceremony="root-token"} 0`);
  });

  it.each(["not-found", "refused"] as const)(
    "asks an old OpenBao by its older path, the newer one being %s",
    async (reason) => {
      const old = cluster(
        {},
        {
          "sys/generate-root-token/attempt": reason,
          "sys/generate-root/attempt": OPENBAO,
          "sys/rotate/root/init": reason,
          "sys/rekey/init": OPENBAO,
        },
      );

      const samples = await samplesOf(old, ceremonies);

      expect(linesOf(samples)).toEqual([...idle("root-token", 2), ...idle("rekey", 2)].sort());
    },
  );

  it("says what to do when no path answers, and keeps the other ceremony", async () => {
    const between = cluster(
      {},
      { "sys/generate-root-token/attempt": "not-found", "sys/generate-root/attempt": "refused" },
    );

    const [outcome] = await scrape(between, [ceremonies]);

    expect(outcome?.failure).toEqual({
      reason: "not-found",
      retryable: false,
      message:
        "cannot see key ceremonies on vault-0: it has neither sys/generate-root-token/attempt nor sys/generate-root/attempt; upgrade it (OpenBao 2.6 and later have the first), or leave ceremonies out of exporter.collectors",
    });
    expect(linesOf((await outcomeOf(between, ceremonies)).samples)).toEqual([...idle("rekey", 2)].sort());
  });

  it.each(["denied", "server-error", "invalid-answer", "rate-limited", "timeout"] as const)(
    "does not go on to another path from one that is %s",
    async (reason) => {
      const refused = cluster({}, { "sys/generate-root-token/attempt": reason, "sys/generate-root/attempt": OPENBAO });

      const { samples, reason: noted } = await outcomeOf(refused, ceremonies);

      expect(noted).toBe(reason);
      expect(linesOf(samples)).toEqual([...idle("rekey", 2)].sort());
    },
  );
});
