import { describe, expect, it } from "@jest/globals";
import { collect, type Outcome } from "../../src/exporter/collect.ts";
import type { Collector, Family } from "../../src/exporter/collector.ts";
import { mergePolicy } from "../../src/lib/vault-policy.ts";
import { fakeCluster, type FakeCluster, type FakeNode, type FakeState } from "../exporter/fake-cluster.ts";
import { clock } from "../exporter/scrape.ts";

const STATES: readonly FakeState[] = [
  "active",
  "standby",
  "sealed",
  "uninitialized",
  "unreachable",
  "denied",
  "garbage",
  "slow",
  "frozen",
];

/** Labels that clash with those of targets, that say too little, or that the framework adds. */
const FORBIDDEN_LABELS = [
  "cluster",
  "node",
  "name",
  "type",
  "instance",
  "job",
  "env",
  "namespace",
  "service",
  "vault_cluster",
];

const NAME = /^sealwatch_[a-z]+(?:_[a-z]+)*$/u;
const LABEL = /^[a-z]+(?:_[a-z]+)*$/u;

const AUTO_UNSEAL = { type: "awskms", recoverySeal: true };
const ENTERPRISE = { hasVaultOnlyKeys: true, enterprise: true, version: "2.0.4+ent" };

/** Healthy clusters of both products: neither has every path, nor is asked for every one it has. */
const HEALTHY: readonly (Pick<FakeNode, "health" | "seal"> & { readonly name: string })[] = [
  { name: "OpenBao" },
  { name: "OpenBao with auto-unseal", seal: AUTO_UNSEAL },
  { name: "Vault Enterprise with auto-unseal", seal: AUTO_UNSEAL, health: ENTERPRISE },
];

const healthy = ({ name: _name, ...facts }: (typeof HEALTHY)[number]): FakeCluster =>
  fakeCluster({
    nodes: [
      { name: "vault-0", state: "active", ...facts },
      { name: "vault-1", state: "standby", ...facts },
      { name: "vault-2", state: "standby", ...facts },
    ],
    irrevocable: { auth_userpass_1a2b: 2 },
  });

async function run(
  collector: Collector,
  cluster: FakeCluster,
  signal = new AbortController().signal,
): Promise<Outcome> {
  const [outcome] = await collect({ clusters: [cluster], collectors: [collector], clock, signal, timeoutMs: 500 });
  if (outcome === undefined) throw new Error("collect gave no outcome");
  return outcome;
}

/** What every collector keeps; `create` gives a fresh one. */
export function collectorContract(create: () => Collector): void {
  const collector = create();

  describe(`collector ${collector.name}`, () => {
    declarations(collector);
    answers(create);
    faults(create);
  });
}

function declarations(collector: Collector): void {
  it("says what it is, and declares at least one family", () => {
    expect(collector.help).toMatch(/^[A-Z].*[.]$/u);
    expect(collector.families).not.toHaveLength(0);
  });

  it.each(collector.families)("names and explains $name by the conventions", ({ name, help, type, labels }) => {
    expect(name).toMatch(NAME);
    expect(name.endsWith("_total")).toBe(type === "counter");
    expect(help).toMatch(/^[A-Z0-9].*[.]$/u);
    expect(help).not.toMatch(/\n/u);
    for (const label of labels) expect(label).toMatch(LABEL);
    expect(labels.filter((label) => FORBIDDEN_LABELS.includes(label))).toEqual([]);
  });

  it("names the unit of what is a time or a size", () => {
    const timed = collector.families.filter(({ help }) => /^(?:Time since|How long|How often)\b/u.test(help));
    const sized = collector.families.filter(({ help }) => /^Size\b/u.test(help));
    for (const { name } of timed) expect(name).toMatch(/_seconds$/u);
    for (const { name } of sized) expect(name).toMatch(/_bytes$/u);
    for (const { name } of collector.families) expect(name).not.toMatch(/_(?:ms|millis|minutes|kb|mb|percent)(?:_|$)/u);
  });
}

function answers(create: () => Collector): void {
  it.each(HEALTHY)("emits no family, label or help that it did not declare, and none less, of $name", async (kind) => {
    const collector = create();

    const { families, failure } = await run(collector, healthy(kind));

    expect(failure).toBeUndefined();
    expect(families.map(({ samples: _samples, ...declared }) => declared)).toEqual(
      collector.families.map(({ labels: _labels, ...declared }) => declared),
    );
    for (const family of families) {
      const declared = declaredLabels(collector, family.name);
      expect(labelsOf(family).filter((label) => !declared.includes(label))).toEqual([]);
    }
  });

  it.each(HEALTHY)("emits one sample a set of labels, and numbers only, of $name; an info is 1", async (kind) => {
    const { families } = await run(create(), healthy(kind));

    for (const { name, samples } of families) {
      const sets = samples.map(({ labels }) => JSON.stringify(labels ?? {}));
      expect(new Set(sets).size).toBe(sets.length);
      for (const { value } of samples) expect(Number.isFinite(value)).toBe(true);
      if (name.endsWith("_info")) for (const { value } of samples) expect(value).toBe(1);
    }
  });

  it("calls with its token, over all products, exactly what its policy permits, which changes nothing", async () => {
    const collector = create();
    const clusters = HEALTHY.map(healthy);

    for (const cluster of clusters) await run(create(), cluster);

    const called = mergePolicy(
      clusters.flatMap(({ calls }) => calls).map(({ path, capabilities }) => ({ path: patternOf(path), capabilities })),
    );
    // What works on its own clock calls nobody in a scrape; its own tests compare its calls with its policy.
    expect(called).toEqual(asksInScrapes(collector) ? mergePolicy(collector.policy) : []);
    const held = collector.policy.flatMap(({ capabilities }) => capabilities);
    expect(held.filter((capability) => !["read", "list", "sudo"].includes(capability))).toEqual([]);

    /** The rule of the policy that permits a path; `*` at its end stands for what follows, if anything does. */
    function patternOf(path: string): string {
      const segments = path.split("/");
      const fits = (rule: string): boolean => {
        const parts = rule.split("/");
        return (
          parts.length === segments.length &&
          parts.every((part, at) => (part === "*" && segments[at] !== "") || part === segments[at])
        );
      };
      return collector.policy.find((rule) => fits(rule.path))?.path ?? path;
    }
  });
}

function faults(create: () => Collector): void {
  const needsToken = asksInScrapes(create());

  it.each(STATES.map((state) => ({ state })))("ends when its only node is $state", async ({ state }) => {
    const { families, failure } = await run(create(), fakeCluster({ nodes: [{ name: "vault-0", state }] }));

    if (!needsToken) expect(failure).toBeUndefined();
    if (failure !== undefined) expect(failure.reason).not.toBe("server-error");
    expect(families).toBeInstanceOf(Array);
  });

  it.each(STATES.map((state) => ({ state })))(
    "loses nothing of the others to a node that is $state",
    async ({ state }) => {
      const nodes = [
        { name: "vault-0", state: "active" as const },
        { name: "vault-1", state },
      ];

      const { families, failure } = await run(create(), fakeCluster({ nodes }));

      expect(failure).toBeUndefined();
      expect(families).not.toHaveLength(0);
    },
  );

  it("does nothing with a cluster without nodes but says so", async () => {
    const { failure } = await run(create(), fakeCluster({ nodes: [] }));

    expect(failure?.reason).toBe(needsToken ? "no-leader" : undefined);
  });

  it("ends when its signal does", async () => {
    const ended = AbortSignal.abort();
    const collector = create();
    const { promise: settled, resolve } = Promise.withResolvers<string>();
    const watched: Collector = {
      ...collector,
      collect: (context) => {
        const running = collector.collect(context);
        running.then(
          () => resolve("settled"),
          () => resolve("settled"),
        );
        return running;
      },
    };

    await run(watched, fakeCluster({ nodes: [{ name: "vault-0", state: "frozen" }] }), ended);

    expect(await settled).toBe("settled");
  });
}

function asksInScrapes({ policy, background }: Collector): boolean {
  return policy.length > 0 && background === undefined;
}

function labelsOf({ samples }: Family): readonly string[] {
  return samples.flatMap(({ labels }) => Object.keys(labels ?? {}));
}

function declaredLabels({ families }: Collector, name: string): readonly string[] {
  return families.find((family) => family.name === name)?.labels ?? [];
}
