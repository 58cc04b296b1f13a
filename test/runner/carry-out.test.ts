import { describe, expect, it } from "@jest/globals";
import type { Effect } from "../../src/engine/effects.ts";
import type { Plan } from "../../src/engine/run.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { carryOut } from "../../src/runner/carry-out.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { T0 } from "./manual-time.ts";
import { cluster, goodOutside, registriesOf, voters, type Outside } from "./runner-world.ts";

const attempt = { id: "R1/remove/1", at: T0 - 1, holder: "host:1:x", epoch: 0, deadline: T0 + 30_000, approvedBy: [] };
const call = { name: "test.remove-peer", with: {} };
const plan: Plan = {
  call,
  danger: "destructive",
  effect: "once",
  cluster: "prod",
  clusterId: "c-1",
  runbookDigest: "digest",
  preconditions: [],
  explain: { call: "c", cost: "c", proof: "p" },
};
const common = { key: "k", step: "remove" };
const read: Effect = { ...common, type: "read", call: { name: "test.peers", with: {} } };
const preconditions: Effect = { ...common, type: "preconditions", call };
const perform: Effect = { ...common, type: "perform", plan, attempt, withinMs: 30_000 };
const probe: Effect = { ...common, type: "probe", plan, attempt };
const denied = new FailureError({ reason: "denied", message: "no rights", retryable: false });
const rejects = async (): Promise<never> => await Promise.reject(denied);
const noRights = { ok: false, failure: { reason: "denied", message: "no rights", retryable: false } };

const cases: readonly { name: string; effect: Effect; outside?: Partial<Outside>; answer: object }[] = [
  {
    name: "a read that answers",
    effect: read,
    answer: { type: "RecordCheck", step: "remove", outcome: { ok: true, value: { known: true } } },
  },
  {
    name: "a read that fails",
    effect: read,
    outside: { read: rejects },
    answer: { type: "RecordCheck", outcome: noRights },
  },
  {
    name: "a read of what this version does not have",
    effect: { ...read, call: { name: "test.gone", with: {} } },
    answer: {
      type: "RecordCheck",
      outcome: {
        ok: false,
        failure: {
          reason: "not-found",
          retryable: false,
          message:
            'cannot use check "test.gone": this version of sealwatch does not have it; run the version that started the run',
        },
      },
    },
  },
  {
    name: "a poll",
    effect: { ...read, type: "poll", everyMs: 5000 },
    answer: { type: "RecordPoll", step: "remove", outcome: { ok: true, value: { known: true } } },
  },
  {
    name: "preconditions with identity, facts and words",
    effect: preconditions,
    answer: {
      type: "RecordPreconditions",
      step: "remove",
      holder: "host:1:x",
      outcome: {
        ok: true,
        value: {
          clusterId: "c-1",
          preconditions: [voters(3)],
          explain: { call: "POST remove-peer", cost: "one voter less", proof: "it is gone" },
        },
      },
    },
  },
  {
    name: "preconditions that cannot be read",
    effect: preconditions,
    outside: { preconditions: rejects },
    answer: { type: "RecordPreconditions", outcome: noRights },
  },
  {
    name: "a call that is answered",
    effect: perform,
    answer: { type: "RecordPerformed", attempt: attempt.id, outcome: { ok: true, value: {} } },
  },
  {
    name: "a call that fails",
    effect: perform,
    outside: { perform: rejects },
    answer: { type: "RecordPerformed", attempt: attempt.id, outcome: noRights },
  },
  {
    name: "a call that ends in a bug, with nothing secret in its text",
    effect: perform,
    outside: { perform: async () => await Promise.reject(new TypeError(`bad hvs.${"canary".repeat(5)}`)) },
    answer: {
      outcome: {
        ok: false,
        failure: { reason: "server-error", message: "bad <redacted Vault token>", retryable: false },
      },
    },
  },
  {
    name: "a probe that sees the effect",
    effect: probe,
    outside: { probe: async () => ({ verdict: "done", evidence: "gone" }) },
    answer: { type: "RecordProbe", attempt: attempt.id, verdict: "done", evidence: "gone" },
  },
  {
    name: "a probe that sees that nothing happened",
    effect: probe,
    answer: { type: "RecordProbe", verdict: "not-done", evidence: "it is still there" },
  },
  {
    name: "a probe that fails: it knows nothing, and does not say that nothing happened",
    effect: probe,
    outside: { probe: rejects },
    answer: { type: "RecordProbe", attempt: attempt.id, verdict: "unknown", evidence: "no rights" },
  },
];

describe("carryOut", () => {
  it.each(cases)("answers $name", async ({ effect, outside, answer }) => {
    expect(await carry(effect, outside)).toMatchObject({ ...answer, at: T0 });
  });

  it("asks the cluster who it is before anything is planned, and a cluster that is another is an answer", async () => {
    const wrong = new FailureError({ reason: "wrong-cluster", message: "another cluster", retryable: false });
    const asked: string[] = [];
    const other = { ...cluster, identity: async () => await Promise.reject(wrong) } as VaultCluster;
    expect(await carry(preconditions, {}, { cluster: other, asked })).toMatchObject({
      outcome: { ok: false, failure: { reason: "wrong-cluster" } },
    });
    expect(asked).toEqual([]);
  });

  it.each([
    { name: "an action", effect: perform },
    { name: "a check", effect: read },
  ])("begins nothing of $name when its time is over already", async ({ effect }) => {
    const asked: string[] = [];
    expect(await carry(effect, {}, { asked, signal: AbortSignal.abort() })).toMatchObject({
      outcome: { ok: false, failure: { reason: "aborted" } },
    });
    expect(asked).toEqual([]);
  });

  it("tells the probe when the call was about to be made", async () => {
    let seen: unknown;
    const { checks, actions } = registriesOf(goodOutside());
    const action = actions.get("test.remove-peer");
    if (action === undefined) throw new Error("no action");
    const spying = new Map([
      [
        action.name,
        {
          ...action,
          probe: async (...[, , attempted]: Parameters<typeof action.probe>) => {
            seen = attempted;
            return { verdict: "done" as const, evidence: "" };
          },
        },
      ],
    ]);
    await carryOut(probe, { ...around, checks, actions: spying, context: contextOf() });
    expect(seen).toEqual({ at: attempt.at });
  });
});

const around = {
  holder: "host:1:x",
  run: { id: "R1", epoch: 0, cluster: "prod" },
  locks: createMemoryStore().locks,
  mayLeave: async () => {},
};

type Given = { readonly cluster?: VaultCluster; readonly asked?: string[]; readonly signal?: AbortSignal };

function contextOf({ cluster: given = cluster, signal = new AbortController().signal }: Given = {}) {
  return { cluster: given, clock: { now: () => T0 }, signal, services: {} };
}

async function carry(effect: Effect, outside: Partial<Outside> = {}, given: Given = {}) {
  const registries = registriesOf({ ...goodOutside(), ...outside }, (what) => given.asked?.push(what));
  return await carryOut(effect, { ...around, ...registries, context: contextOf(given) });
}
