import { describe, expect, it } from "@jest/globals";
import { collect } from "../../../src/exporter/collect.ts";
import { quotas } from "../../../src/exporter/collectors/quotas.ts";
import { fakeCluster, NOW, type FakeClusterOptions } from "../fake-cluster.ts";
import { outcomeOf, samplesOf, scrape } from "../scrape.ts";

const nodes = [
  { name: "vault-1", state: "standby" as const },
  { name: "vault-0", state: "active" as const },
];
const cluster = (options: Omit<FakeClusterOptions, "nodes"> = {}) => fakeCluster({ nodes, ...options });

/** This many quotas, all alike. */
function manyQuotas(count: number): Readonly<Record<string, unknown>> {
  const keys = Array.from({ length: count }, (_, index) => `quota-${index}`);
  const quota = { data: { rate: 10, interval: 1 } };
  return {
    "sys/quotas/rate-limit?list=true": { data: { keys } },
    ...Object.fromEntries(keys.map((key) => [`sys/quotas/rate-limit/${key}`, quota])),
  };
}

const LIMITS = `sealwatch_quota_rate_limits{vault_cluster="prod"} 2
sealwatch_quota_rate_limits_partial{vault_cluster="prod"} 0
sealwatch_quota_rate_limit_requests{vault_cluster="prod",quota="global"} 50
sealwatch_quota_rate_limit_requests{vault_cluster="prod",quota="a.b-c_d"} 500.5
sealwatch_quota_rate_limit_interval_seconds{vault_cluster="prod",quota="global"} 10
sealwatch_quota_rate_limit_interval_seconds{vault_cluster="prod",quota="a.b-c_d"} 1`;
const EXEMPT = `sealwatch_quota_exempt_paths{vault_cluster="prod"} 7`;

describe("quotas collector", () => {
  it("writes each quota's limit, and what it already refused", async () => {
    const metrics = `# TYPE vault_quota_rate_limit_violation counter\nvault_quota_rate_limit_violation{cluster="c",name="global"} 17\n`;
    const seen = cluster({ metrics });

    expect(await samplesOf(seen, quotas)).toBe(
      `${LIMITS}\n${EXEMPT}\nsealwatch_quota_rate_limit_violations_total{vault_cluster="prod",quota="global"} 17`,
    );
    expect(seen.calls.filter(({ node }) => node !== "vault-0")).toEqual([]);
  });

  it("adds up what was refused under another label of Vault's", async () => {
    const metrics = `# TYPE vault_quota_rate_limit_violation counter
vault_quota_rate_limit_violation{cluster="",name="global"} 3
vault_quota_rate_limit_violation{cluster="c",name="global"} 17
`;

    expect(await samplesOf(cluster({ metrics }), quotas)).toContain(
      `sealwatch_quota_rate_limit_violations_total{vault_cluster="prod",quota="global"} 20`,
    );
  });

  it("leaves to others what they want of the same metrics", async () => {
    const metrics = `vault_expire_num_leases 42\nvault_quota_rate_limit_violation{cluster="c",name="global"} 17\n`;

    const outcomes = await scrape(cluster({ metrics }), [quotas, { ...quotas, native: ["expire_num_leases"] }]);

    const [family] = outcomes[0]?.families.filter(({ type }) => type === "counter") ?? [];
    expect(family?.samples).toEqual([{ labels: { quota: "global" }, value: 17 }]);
  });

  it("writes no quota at all as a value: Vault answers 404 without words", async () => {
    const none = cluster({ answers: { "sys/quotas/rate-limit?list=true": { errors: [] } } });

    expect(await samplesOf(none, quotas)).toBe(
      `sealwatch_quota_rate_limits{vault_cluster="prod"} 0\nsealwatch_quota_rate_limits_partial{vault_cluster="prod"} 0\n${EXEMPT}`,
    );
  });

  it.each([
    { name: "100", count: 100, read: 100, partial: 0 },
    { name: "101", count: 101, read: 100, partial: 1 },
  ])("reads of $name quotas no more than $read, and says so", async ({ count, read, partial }) => {
    const many = cluster({ answers: manyQuotas(count) });

    const samples = await samplesOf(many, quotas);

    expect(samples).toContain(`sealwatch_quota_rate_limits{vault_cluster="prod"} ${count}\n`);
    expect(samples).toContain(`sealwatch_quota_rate_limits_partial{vault_cluster="prod"} ${partial}\n`);
    expect(samples.match(/_requests\{/gu)).toHaveLength(read);
  });

  it("stops reading quotas when a quarter of the scrape is over, and says so", async () => {
    const many = cluster({ answers: manyQuotas(10) });
    let now = NOW;
    const active = many.node("vault-0");
    const slow: typeof active = {
      ...active,
      read: async (endpoint, options) => {
        if (endpoint.path.includes("quota-")) now += 1000;
        return await active.read(endpoint, options);
      },
    };

    const [outcome] = await collect({
      clusters: [{ ...many, activeNode: async () => await Promise.resolve(slow) }],
      collectors: [quotas],
      clock: { now: () => now },
      signal: new AbortController().signal,
      timeoutMs: 8000,
    });

    const family = (name: string) => outcome?.families.find((each) => each.name === name)?.samples;
    expect(family("sealwatch_quota_rate_limits_partial")).toEqual([{ value: 1 }]);
    expect(family("sealwatch_quota_rate_limit_requests")).toHaveLength(2);
  });

  it("keeps what it read when one quota cannot be, says so, and asks for no more", async () => {
    const seen = cluster({ answers: { ...manyQuotas(5), "sys/quotas/rate-limit/quota-2": "rate-limited" } });

    const { samples, reason } = await outcomeOf(seen, quotas);

    expect(reason).toBe("rate-limited");
    expect(samples).toContain(`sealwatch_quota_rate_limits_partial{vault_cluster="prod"} 1\n`);
    expect(samples.match(/_requests\{/gu)).toHaveLength(2);
    expect(seen.calls.map(({ path }) => path)).not.toContain("sys/quotas/rate-limit/quota-3");
  });

  it.each(["denied", "not-found", "refused", "server-error", "invalid-answer"] as const)(
    "keeps the rest when the list is %s",
    async (reason) => {
      const seen = cluster({ answers: { "sys/quotas/rate-limit?list=true": reason } });

      expect(await outcomeOf(seen, quotas)).toEqual({ samples: EXEMPT, reason });
    },
  );

  it.each(["denied", "server-error"] as const)("keeps the limits when the exempt paths are %s", async (reason) => {
    const seen = cluster({ answers: { "sys/quotas/config": reason } });

    expect(await outcomeOf(seen, quotas)).toEqual({ samples: LIMITS, reason });
  });

  it("counts the violations of a hundred quotas, however many there are", async () => {
    const metrics = Array.from(
      { length: 3000 },
      (_, index) => `vault_quota_rate_limit_violation{name="quota-${index}"} 1\n`,
    ).join("");

    const { samples } = await outcomeOf(cluster({ metrics }), quotas);

    expect(samples.match(/_violations_total\{/gu)).toHaveLength(100);
  });
});
