import { describe, expect, it } from "@jest/globals";
import type { Action, ActionContext, Check } from "../../src/actions/action.ts";
import { compileExpression } from "../../src/expression/compile-expression.ts";
import { evaluate } from "../../src/expression/evaluate.ts";
import type { ValueType } from "../../src/expression/types.ts";
import { zodObjectType } from "../../src/expression/zod-types.ts";
import { PERMITTED_POLICY } from "../../src/actions/permitted-precondition.ts";
import { FailureError } from "../../src/lib/failure.ts";
import {
  createFakeCluster,
  FAKE_STATES,
  MUTATING_CALLS,
  type FakeCall,
  type FakeCluster,
  type FakeState,
} from "../actions/fake-cluster.ts";
import { createFakeServices } from "../actions/fake-services.ts";
import { exampleOf, targetOf } from "./action-examples.ts";
import { judgePolicy } from "./judge-policy.ts";

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
  const input = exampleOf(check);
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

  it("gives each of its outputs a name and a type by which expressions can be checked", async () => {
    const result = zodObjectType(check.output);
    expect(untyped(result)).toEqual([]);
    const answer = await check.read(contextOf(createFakeCluster(["active", "standby", "standby"])), input);
    for (const name of Object.keys(check.output.shape)) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/u);
      const compiled = compileExpression(`result.${name}`, { result }, "any");
      if (!compiled.ok) throw new Error(compiled.message);
      expect(evaluate(compiled.expression, { result: answer })).toEqual(answer[name]);
    }
  });
}

/** Names the places of a type of which nothing is known before they are there. */
function untyped(type: ValueType, path = "result"): string[] {
  if (type === "any") return [path];
  if (typeof type === "string") return [];
  if ("list" in type) return untyped(type.list, `${path}[]`);
  if ("map" in type) return untyped(type.map, `${path}.*`);
  return Object.entries(type.object).flatMap(([name, field]) => untyped(field, `${path}.${name}`));
}

/** Says what every action keeps beyond that: only `perform` changes, and preconditions stay the same while indexes move. */
export function actionContract(action: Action): void {
  const input = exampleOf(action);
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

  it("declares as grants exactly what its calls need of the token for the call", async () => {
    const asks = [
      ...reads,
      { name: "perform", changes: true, ask: async (context: ActionContext) => await action.perform(context, input) },
    ];
    // What a configured token is asked about itself is no call of the action: a minted one is not asked (actions/policy.ts).
    const needed = (await callsInEveryWorld(asks))
      .flatMap(({ operates }) => operates ?? [])
      .filter(({ path }) => path !== PERMITTED_POLICY.path);
    expect(judgePolicy(action.grants, needed)).toEqual({ uncovered: [], unused: [] });
  });

  it.each(WORLDS)("judges by the same values when read twice and $name", async ({ states }) => {
    const fake = createFakeCluster(states);
    const before = await settle(action.preconditions(contextOf(fake), input));
    fake.progress();
    const after = await settle(action.preconditions(contextOf(fake), input));
    expect(after).toEqual(before);
  });

  it("explains the call, its cost and its proof, naming the target", () => {
    const { call, cost, proof } = action.explain(input);
    expect([call, cost, proof].filter((text) => text.includes(targetOf(action)))).toHaveLength(3);
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

  it("declares as policy exactly what its calls need of the token for reading", async () => {
    const needed = (await callsInEveryWorld(asks)).flatMap(({ reads }) => reads ?? []);
    expect(judgePolicy(subject.policy, needed)).toEqual({ uncovered: [], unused: [] });
  });

  it("refuses a node that is not configured", async () => {
    if (!("node" in subject.input.shape)) return;
    const context = contextOf(createFakeCluster(["active"]));
    for (const { ask } of asks) expect(await settle(ask(context))).toMatchObject({ reason: "not-found" });
  });

  it("refuses an input that it does not declare", async () => {
    const context = contextOf(createFakeCluster(["active", "standby", "standby"]));
    const input = { ...exampleOf(subject), surprise: 1 };
    const read = subject.kind === "check" ? subject.read : subject.preconditions;
    expect(await settle(read(context, input))).toMatchObject({ reason: "refused" });
  });

  describe.each(asks)("$name", ({ ask, changes }) => {
    it.each(WORLDS)("gives a result or a failure when $name", async ({ states }) => {
      const fake = createFakeCluster(states);
      const answer = await settle(ask(contextOf(fake)));
      expect(answer instanceof Error ? answer.constructor : FailureError).toBe(FailureError);
      const changed = fake.calls.filter(changesSomething);
      if (!changes) expect(changed).toEqual([]);
      // A whole cluster is sealed node by node; nobody is called twice.
      else expect(new Set(changed.map(({ node, method }) => `${node} ${method}`)).size).toBe(changed.length);
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
      expect(fake.calls.length).toBeGreaterThan(0);
      const reads = fake.calls.filter((call) => !changesSomething(call) && call.method !== "service");
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

/** Builds the context of a fake cluster, with services that hang when all of its nodes do; its time stands still. */
export function contextOf(fake: FakeCluster, signal: AbortSignal = new AbortController().signal): ActionContext {
  const hanging = fake.cluster.nodes.every(({ name }) => fake.node(name).state === "hanging");
  const services = createFakeServices(fake.calls, hanging);
  return { cluster: fake.cluster, clock: { now: () => 0 }, signal, services };
}

/** Gives what a promise gives, or what it threw. */
export async function settle(promise: Promise<unknown>): Promise<unknown> {
  return await promise.catch((error: unknown) => error);
}

async function callsInEveryWorld(asks: readonly Ask[]): Promise<readonly FakeCall[]> {
  const fakes = WORLDS.map(({ states }) => createFakeCluster(states));
  for (const fake of fakes) for (const { ask } of asks) await settle(ask(contextOf(fake)));
  return fakes.flatMap(({ calls }) => calls);
}

function changesSomething({ method }: FakeCall): boolean {
  return method !== "service" && MUTATING_CALLS.includes(method);
}
