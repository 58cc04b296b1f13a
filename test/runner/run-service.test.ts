import { afterEach, describe, expect, it } from "@jest/globals";
import { z } from "zod";
import type { Actor } from "../../src/access/person.ts";
import { defineAction, defineCheck, type Action, type Check } from "../../src/actions/action.ts";
import type { ActionFacts, StepProgram } from "../../src/engine/program.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import type { OpenRun } from "../../src/engine/run.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import type { Timers } from "../../src/lib/clock.ts";
import type { LoadedRun } from "../../src/runner/ports.ts";
import { createRunService, type RunningService } from "../../src/runner/run-service.ts";
import { Runbook } from "../../src/runbook/schema.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { Store } from "../../src/store/store.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";

/*
 * The run service with a world of its own: one check, one action whose effect is a flag, real timers of a few milliseconds.
 */
type World = {
  removed: boolean;
  calls: number;
  answer: "good" | "lost" | "denied";
  hang: boolean;
  voters: number;
  slow: boolean;
  looking: boolean;
};

const alice: Actor = { id: "alice", name: "alice", role: "responder", groups: [] };
const bob: Actor = { id: "bob", name: "bob", role: "approver", groups: [] };
const carol: Actor = { id: "carol", name: "carol", role: "approver", groups: [] };

const runbook = Runbook.parse({
  id: "lost-peer",
  title: "A peer is lost",
  meaning: "m",
  impact: "i",
  verify: "v",
  escalate: "e",
  inputs: { cluster: { type: "cluster" } },
  steps: [
    { id: "remove", do: "vault.raft-remove-peer" },
    { id: "absent", wait: "vault.raft-peers", until: "!result.known", every: "1s", timeout: "5s" },
  ],
});

const plain: StepProgram = {
  when: () => true,
  title: () => "a step",
  input: () => ({}),
  condition: () => true,
  text: () => "",
  commands: () => [],
  shows: undefined,
  watch: undefined,
  list: () => [],
};
const facts: ActionFacts = { danger: "destructive", effect: "once", verifyWithinMs: 200, performWithinMs: 1000 };
const program = {
  actions: new Map([["vault.raft-remove-peer", facts]]),
  steps: new Map<string, StepProgram>([
    ["remove", plain],
    ["absent", { ...plain, condition: ({ result }) => result?.["known"] === false }],
  ]),
};

const running: RunningService[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map(async (service) => await service.stop()));
});

describe("the run service", () => {
  it("calls once after two people agreed, sees the effect and finishes", async () => {
    const { service, world } = await begin();
    const runId = await toGate(service);
    await approveBy(service, runId, bob, carol);
    const run = await until(service, runId, ({ run }) => run.status === "finished");
    expect(run.run).toMatchObject({ result: "resolved" });
    expect(world.calls).toBe(1);
  });

  it("stores the attempt before the call goes out", async () => {
    const { service, world, store } = await begin({ hang: true });
    const runId = await toGate(service);
    await approveBy(service, runId, bob, carol);
    await until(service, runId, ({ run }) => phaseOf(run) === "attempted" && world.calls === 1);
    expect((await store.runs.read(runId)).at(-1)?.event.type).toBe("StepAttempted");
    world.hang = false;
  });

  it("lets one of a hundred identical clicks through and answers the others", async () => {
    const { service, world } = await begin();
    const runId = await toGate(service);
    const answers = await Promise.all(Array.from({ length: 100 }, async () => await approve(service, runId, bob)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.why.includes("has approved already"))).toHaveLength(99);
    expect(world.calls).toBe(0);
  });

  it("voids the approval when the facts change between the last yes and the call", async () => {
    const { service, world } = await begin();
    const runId = await toGate(service);
    await approve(service, runId, bob);
    world.voters = 4;
    await approve(service, runId, carol);
    const { run } = await until(service, runId, (loaded) => gateOf(loaded)?.id === "remove.2");
    expect(run.gates[0]).toMatchObject({ outcome: "voided" });
    expect(world.calls).toBe(0);
  });

  it("probes instead of repeating when the call got no answer", async () => {
    const { service, world } = await begin({ answer: "lost" });
    const runId = await toGate(service);
    await approveBy(service, runId, bob, carol);
    const { run } = await until(service, runId, (loaded) => loaded.run.status === "finished");
    expect(world.calls).toBe(1);
    expect(run.steps[0]?.text).toContain("found after a call without a clear answer");
  });

  it("takes over the run of a dead instance, and the call that may have been made is not made again", async () => {
    const first = await begin({ hang: true });
    const runId = await toGate(first.service);
    await approveBy(first.service, runId, bob, carol);
    await until(first.service, runId, () => first.world.calls === 1);
    first.world.removed = true;
    await first.store.holders.leave("first");
    const second = await begin(first.world, first.store, "second");
    const { run } = await until(second.service, runId, (loaded) => loaded.run.status === "finished");
    expect(first.world.calls).toBe(1);
    expect(run).toMatchObject({ result: "resolved", driver: "second" });
    first.world.hang = false;
  });

  it("leaves the run of a living instance alone", async () => {
    const first = await begin({ hang: true });
    const runId = await toGate(first.service);
    await approveBy(first.service, runId, bob, carol);
    await until(first.service, runId, () => first.world.calls === 1);
    const second = await begin(first.world, first.store, "second");
    await second.service.get(runId);
    expect((await until(second.service, runId, () => true)).run).toMatchObject({
      driver: "first",
      phase: { name: "attempted" },
    });
    first.world.hang = false;
  });

  it("lets no call leave after someone ended the run, however late", async () => {
    const { service, world } = await begin({ slow: true });
    const runId = await toGate(service);
    await approveBy(service, runId, bob, carol);
    await until(service, runId, ({ run }) => phaseOf(run) === "attempted" && world.looking);
    expect(await service.ask({ type: "abort", runId, by: carol, reason: "wrong node" })).toMatchObject({ ok: true });
    world.slow = false;
    await service.stop();
    expect(world.calls).toBe(0);
  });

  it("leaves out a run that it cannot read, and goes on with the others", async () => {
    const { service, store } = await begin();
    const runId = await toGate(service);
    const unreadable: RunEvent = { type: "EvidenceBurnt", at: 1 } as never;
    const broken = await service.start({
      runbook: "lost-peer",
      inputs: { cluster: "prod" },
      by: alice,
      origin: { surface: "cli" },
    });
    if (!broken.ok) throw new Error(broken.why);
    // The first run has the cluster.
    await until(service, broken.runId, ({ run }) => phaseOf(run) === "locking");
    await store.runs.append(broken.runId, (await store.runs.read(broken.runId)).length, [unreadable], {
      ...(await summaryOf(store, broken.runId)),
      phase: "gate",
    });
    expect((await service.list({ open: true, limit: 10 })).map(({ run }) => run.id)).toEqual([runId]);
    await expect(service.get(broken.runId)).rejects.toThrow('its event "EvidenceBurnt" is of a newer version');
    await service.noteAlert("g1", "resolved");
  });

  it("refuses a pasted secret before anything is stored, and does not echo it", async () => {
    const { service, store } = await begin();
    const token = `hvs.${"canary".repeat(6)}`;
    const share = Buffer.from(Array.from({ length: 33 }, (_, index) => (index * 71) % 256)).toString("base64");
    const started = await service.start({
      runbook: "lost-peer",
      inputs: { cluster: token },
      by: alice,
      origin: { surface: "cli" },
    });
    expect(started).toEqual({
      ok: false,
      why: "this looks like a Vault token: it was not stored; treat it as leaked and rotate it now",
      code: "secret",
    });
    const runId = await toGate(service);
    expect(await service.ask({ type: "approve", runId, gateId: "remove.1", by: bob, phrase: token })).toMatchObject({
      ok: false,
    });
    expect(await service.ask({ type: "abort", runId, by: bob, reason: share })).toMatchObject({
      ok: false,
    });
    expect(JSON.stringify(await store.runs.read(runId))).not.toContain("canary");
  });

  it("refuses what does not exist and says what is near", async () => {
    const { service } = await begin();
    expect(await service.start({ runbook: "lost-pear", inputs: {}, by: alice, origin: { surface: "cli" } })).toEqual({
      ok: false,
      why: 'there is no runbook "lost-pear"; did you mean "lost-peer"?',
      code: "no-such-runbook",
    });
    expect(await service.ask({ type: "abort", runId: "R404", by: bob, reason: "x" })).toEqual({
      ok: false,
      why: "there is no such run",
      code: "no-such-run",
    });
  });
});

async function begin(world: Partial<World> = {}, store: Store = createMemoryStore(), holder = "first") {
  const defaults: World = {
    removed: false,
    calls: 0,
    answer: "good",
    hang: false,
    voters: 3,
    slow: false,
    looking: false,
  };
  const full: World = Object.assign(world, { ...defaults, ...world });
  let count = 0;
  const service = createRunService({
    store: store.runs,
    locks: store.locks,
    services: {},
    holders: store.holders,
    holder,
    checks: new Map([["vault.raft-peers", peersCheck(full)]]),
    actions: new Map([["vault.raft-remove-peer", removeAction(full)]]),
    clusters: new Map([["prod", clusterOf(full)]]),
    catalog: () => new Map([["lost-peer", { runbook, text: "text", digest: "digest", included: {} }]]),
    compile: () => program,
    clock: { now: () => Date.now() },
    timers,
    ids: { next: (kind) => `${kind}-${holder}-${++count}` },
    logger: silentLogger,
  });
  running.push(service);
  await service.begin();
  return { service, world: full, store };
}

function clusterOf(world: World): VaultCluster {
  const cluster = {
    name: "prod",
    nodes: [],
    identity: async () => ({ clusterId: "c", clusterName: "prod" }),
    activeNode: async () => ({ name: "vault-0", removeRaftPeer: async () => void world.calls++ }),
    operator: { open: async () => ({ cluster, end: async () => ({ revoked: "not-needed", text: "" }) }) },
  } as unknown as VaultCluster;
  return cluster;
}

function peersCheck(world: World): Check {
  return defineCheck({
    name: "vault.raft-peers",
    summary: "s",
    input: z.object({}),
    output: z.object({ known: z.boolean() }),
    policy: [],
    read: async () => ({ known: !world.removed }),
  });
}

function removeAction(world: World): Action {
  return defineAction({
    name: "vault.raft-remove-peer",
    summary: "s",
    danger: "destructive",
    effect: "once",
    input: z.object({}),
    output: z.object({}),
    policy: [],
    grants: [],
    verifyWithinMs: 200,
    performWithinMs: 1000,
    explain: () => ({ call: "c", cost: "c", proof: "p" }),
    preconditions: async () => [{ name: "voters", ok: true, value: world.voters, text: `${world.voters} voters` }],
    perform: async ({ cluster }) => {
      world.looking = true;
      while (world.slow) await new Promise((resolve) => void setTimeout(resolve, 5));
      await (await cluster.activeNode()).removeRaftPeer("vault-2");
      while (world.hang) await new Promise((resolve) => void setTimeout(resolve, 5));
      world.removed = true;
      if (world.answer === "lost") throw new FailureError({ reason: "timeout", message: "no answer", retryable: true });
      return {};
    },
    probe: async () => ({
      verdict: world.removed ? "done" : "not-done",
      evidence: world.removed ? "gone" : "still there",
    }),
  });
}

async function summaryOf(store: Store, runId: string) {
  const listed = (await store.runs.list({ limit: 10 })).find(({ id }) => id === runId);
  if (listed === undefined) throw new Error("there is no such run");
  return listed.summary;
}

const timers: Timers = {
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

async function toGate(service: RunningService): Promise<string> {
  const answer = await service.start({
    runbook: "lost-peer",
    inputs: { cluster: "prod" },
    by: alice,
    origin: { surface: "cli" },
  });
  if (!answer.ok) throw new Error(answer.why);
  await until(service, answer.runId, (loaded) => gateOf(loaded) !== undefined);
  return answer.runId;
}

async function approve(service: RunningService, runId: string, by: Actor) {
  return await service.ask({ type: "approve", runId, gateId: "remove.1", by, phrase: "prod" });
}

async function approveBy(service: RunningService, runId: string, ...people: readonly Actor[]): Promise<void> {
  for (const by of people) expect(await approve(service, runId, by)).toEqual({ ok: true, runId });
}

function phaseOf(run: LoadedRun["run"]): string {
  return run.status === "open" ? run.phase.name : "finished";
}

function gateOf({ run }: LoadedRun) {
  const phase = (run as OpenRun).phase;
  return run.status === "open" && phase.name === "gate" ? phase.gate : undefined;
}

/** Waits until a run is as wanted; the test's own time-out ends a wait in vain. */
async function until(
  service: RunningService,
  runId: string,
  wanted: (loaded: LoadedRun) => boolean,
): Promise<LoadedRun> {
  for (;;) {
    const loaded = await service.get(runId);
    if (loaded !== undefined && wanted(loaded)) return loaded;
    await new Promise((resolve) => void setTimeout(resolve, 2));
  }
}
