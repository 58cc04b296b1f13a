import { describe, expect, it } from "@jest/globals";
import type { Action, ActionContext, Check, Values } from "../../src/actions/action.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { mergePolicy } from "../../src/lib/vault-policy.ts";
import {
  createFakeCluster,
  FAKE_STATES,
  MUTATING_CALLS,
  TOKEN_CALLS,
  type FakeCluster,
  type FakeState,
} from "../actions/fake-cluster.ts";

const TARGET = "vault-2";

/** A way of asking: everything that a check or an action does, by name. */
type Ask = {
  readonly name: string;
  readonly changes: boolean;
  readonly ask: (context: ActionContext) => Promise<unknown>;
};

/** States of three nodes, the last of which is the target: every state for the target, for another, and for all. */
const WORLDS: readonly { readonly name: string; readonly states: readonly FakeState[] }[] = FAKE_STATES.filter(
  (state) => state !== "hanging",
).flatMap((state) => [
  { name: `the target is ${state}`, states: ["active", "standby", state] },
  { name: `the target is ${state} and nobody leads`, states: ["standby", "standby", state] },
  { name: `another node is ${state}`, states: [state, "active", "standby"] },
  { name: `all nodes are ${state}`, states: [state, state, state] },
]);

/** Says what every check keeps: its declared policy, no change, an end when asked for, a result or a failure in every state. */
export function checkContract(check: Check): void {
  const input = inputOf(check);
  contract(check, [{ name: "read", changes: false, ask: async (context) => await check.read(context, input) }]);

  it.each(WORLDS)("gives just its declared outputs when $name", async ({ states }) => {
    const answer = await settle(check.read(contextOf(createFakeCluster(states)), input));
    if (answer instanceof FailureError) return;
    expect(Object.keys(answer as object).sort()).toEqual(Object.keys(check.output.shape).sort());
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  });

  it("gives a result when the cluster is well", async () => {
    const answer = await settle(check.read(contextOf(createFakeCluster(["active", "standby", "standby"])), input));
    expect(answer).not.toBeInstanceOf(Error);
  });
}

/** Says what every action keeps beyond that: only `perform` changes, and preconditions stay the same while indexes move. */
export function actionContract(action: Action): void {
  const input = inputOf(action);
  const reads: Ask[] = [
    {
      name: "preconditions",
      changes: false,
      ask: async (context) => await action.preconditions(context, input),
    },
    { name: "probe", changes: false, ask: async (context) => await action.probe(context, input, { at: 0 }) },
  ];
  contract(action, [
    ...reads,
    { name: "perform", changes: true, ask: async (context) => await action.perform(context, input) },
  ]);

  it.each(WORLDS)("judges by the same values when read twice and $name", async ({ states }) => {
    const fake = createFakeCluster(states);
    const before = await settle(action.preconditions(contextOf(fake), input));
    fake.progress();
    const after = await settle(action.preconditions(contextOf(fake), input));
    expect(after).toEqual(before);
  });

  it("explains the call, its cost and its proof, naming the target", () => {
    const { call, cost, proof } = action.explain(input);
    expect([call, cost, proof].filter((text) => text.includes(TARGET))).toHaveLength(3);
  });

  it("says how long its effect may take", () => {
    expect(action.verifyWithinMs).toBeGreaterThan(0);
  });
}

function contract(subject: Check | Action, asks: readonly Ask[]): void {
  it("has a name with its product in front, and a summary that is one line without an end", () => {
    expect(subject.name).toMatch(/^[a-z]+[.][a-z]+(?:-[a-z]+)*$/u);
    expect(subject.summary).toMatch(/^[A-Z][^\n]{10,60}[^.\n]$/u);
  });

  it("declares as policy exactly the token calls that it makes", async () => {
    const fakes = WORLDS.map(({ states }) => createFakeCluster(states));
    for (const fake of fakes) for (const { ask } of asks) await settle(ask(contextOf(fake)));
    const rules = fakes.flatMap(({ calls }) => calls.flatMap(({ method }) => TOKEN_CALLS[method] ?? []));
    expect(mergePolicy(subject.policy)).toEqual(mergePolicy(rules));
  });

  it("refuses a node that is not configured", async () => {
    if (!("node" in subject.input.shape)) return;
    const context = contextOf(createFakeCluster(["active"]));
    for (const { ask } of asks) expect(await settle(ask(context))).toMatchObject({ reason: "not-found" });
  });

  it("refuses an input that it does not declare", async () => {
    const context = contextOf(createFakeCluster(["active", "standby", "standby"]));
    const input = { ...inputOf(subject), surprise: 1 };
    const read = subject.kind === "check" ? subject.read : subject.preconditions;
    expect(await settle(read(context, input))).toMatchObject({ reason: "refused" });
  });

  describe.each(asks)("$name", ({ ask, changes }) => {
    it.each(WORLDS)("gives a result or a failure when $name", async ({ states }) => {
      const fake = createFakeCluster(states);
      const answer = await settle(ask(contextOf(fake)));
      expect(answer instanceof Error ? answer.constructor : FailureError).toBe(FailureError);
      const changed = fake.calls.filter(({ method }) => MUTATING_CALLS.includes(method));
      if (!changes) expect(changed).toEqual([]);
      else expect(changed.length).toBeLessThanOrEqual(1);
    });

    it("hands its signal to every call", async () => {
      const fake = createFakeCluster(["active", "standby", "unreachable"]);
      const context = contextOf(fake);
      await settle(ask(context));
      expect(fake.calls.length).toBeGreaterThan(0);
      expect(fake.calls.filter(({ signal }) => signal !== context.signal)).toEqual([]);
    });

    it("gives no read of a node more than two seconds: one that hangs must not use up a step's time", async () => {
      const fake = createFakeCluster(["active", "standby", "unreachable"]);
      await settle(ask(contextOf(fake)));
      const reads = fake.calls.filter(({ method }) => !MUTATING_CALLS.includes(method));
      expect(reads.length).toBeGreaterThan(0);
      expect(reads.filter(({ timeoutMs = Infinity }) => timeoutMs > 2000)).toEqual([]);
    });

    it("ends when its signal ends while nodes hang", async () => {
      const abort = new AbortController();
      const fake = createFakeCluster(["hanging", "hanging", "hanging"]);
      const answer = settle(ask(contextOf(fake, abort.signal)));
      while (fake.calls.length === 0) await Promise.resolve();
      abort.abort();
      expect(await answer).toMatchObject({ reason: "aborted" });
    });

    it("calls nobody when its signal has ended before", async () => {
      const fake = createFakeCluster(["active", "standby", "standby"]);
      expect(await settle(ask(contextOf(fake, AbortSignal.abort())))).toMatchObject({ reason: "aborted" });
      expect(fake.calls).toEqual([]);
    });
  });
}

/** Builds the context of a fake cluster; its time stands still. */
export function contextOf(fake: FakeCluster, signal: AbortSignal = new AbortController().signal): ActionContext {
  return { cluster: fake.cluster, clock: { now: () => 0 }, signal };
}

/** Gives what a promise gives, or what it threw. */
export async function settle(promise: Promise<unknown>): Promise<unknown> {
  return await promise.catch((error: unknown) => error);
}

function inputOf(subject: Check | Action): Values {
  return "node" in subject.input.shape ? { node: TARGET } : {};
}
