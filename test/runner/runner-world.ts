import { z } from "zod";
import type { Actor } from "../../src/access/person.ts";
import { defineAction, defineCheck, type Action, type Check, type Precondition } from "../../src/actions/action.ts";
import type { Probe } from "../../src/actions/action.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import type { OpenRun } from "../../src/engine/run.ts";
import type { Logger } from "../../src/lib/logger.ts";
import type { Declarations } from "../../src/runbook/declarations.ts";
import { Runbook } from "../../src/runbook/schema.ts";
import { compileProgram } from "../../src/runner/compile-program.ts";
import type { RunRequest, RunStore } from "../../src/runner/ports.ts";
import { createRunService, type RunningService } from "../../src/runner/run-service.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { Store } from "../../src/store/store.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { createManualTime, settled, type ManualTime } from "./manual-time.ts";

/*
 * A world for the runner: the real language, engine and service; a check and an action of its own, whose answers a test gives; time that
 * stands still. Holders are `host:pid:x`; which of them live is in `world.alive`.
 */
export const alice: Actor = { id: "alice", name: "alice", role: "responder", groups: [] };
export const bob: Actor = { id: "bob", name: "bob", role: "approver", groups: [] };
export const carol: Actor = { id: "carol", name: "carol", role: "approver", groups: [] };

/** What the world outside answers; every function may be replaced while a test goes on. */
export type Outside = {
  read: (signal: AbortSignal) => Promise<{ readonly known: boolean }>;
  preconditions: () => Promise<readonly Precondition[]>;
  perform: (signal: AbortSignal) => Promise<Record<string, never>>;
  probe: () => Promise<Probe>;
};

export const voters = (count: number): Precondition => ({
  name: "voters",
  ok: true,
  value: count,
  text: `${count} voters`,
});

/** A world in which all goes well: the peer is known until it was removed. */
export function goodOutside(): Outside {
  let removed = false;
  return {
    read: async () => ({ known: !removed }),
    preconditions: async () => [voters(3)],
    perform: async () => {
      removed = true;
      return {};
    },
    probe: async () =>
      removed ? { verdict: "done", evidence: "it is gone" } : { verdict: "not-done", evidence: "it is still there" },
  };
}

export type Registries = { readonly checks: ReadonlyMap<string, Check>; readonly actions: ReadonlyMap<string, Action> };

/** The check `test.peers` and the action `test.remove-peer`; `note` is told of every question to the outside. */
export function registriesOf(outside: Outside, note: (what: string) => void = () => {}): Registries {
  const peers = defineCheck({
    name: "test.peers",
    summary: "s",
    input: z.object({}),
    output: z.object({ known: z.boolean() }),
    policy: [],
    read: async ({ signal }) => {
      note("read");
      return await outside.read(signal);
    },
  });
  const remove = defineAction({
    name: "test.remove-peer",
    summary: "s",
    danger: "destructive",
    effect: "once",
    input: z.object({}),
    output: z.object({}),
    policy: [],
    grants: [],
    verifyWithinMs: 5000,
    explain: () => ({ call: "POST remove-peer", cost: "one voter less", proof: "it is gone" }),
    preconditions: async () => {
      note("preconditions");
      return await outside.preconditions();
    },
    perform: async ({ signal }) => {
      note("perform");
      return await outside.perform(signal);
    },
    probe: async () => {
      note("probe");
      return await outside.probe();
    },
  });
  return { checks: new Map([[peers.name, peers]]), actions: new Map([[remove.name, remove]]) };
}

/** A runbook with the given steps. */
export function runbookOf(...steps: readonly unknown[]): Runbook {
  return Runbook.parse({
    id: "lost-peer",
    title: "A peer is lost",
    meaning: "m",
    impact: "i",
    verify: "v",
    escalate: "e",
    inputs: { cluster: { type: "cluster" } },
    steps,
  });
}

export const REMOVE = { id: "remove", do: "test.remove-peer" };
export const ABSENT = { id: "absent", wait: "test.peers", until: "!result.known", every: "5s", timeout: "1m" };

/** A cluster that says who it is and nothing else; its calls need no credential of their own. */
export const cluster = {
  name: "prod",
  nodes: [],
  identity: async () => ({ clusterId: "c-1", clusterName: "prod" }),
  operator: {
    kind: "static",
    describe: () => "the configured token",
    open: async () => ({ cluster, end: async () => ({ revoked: "not-needed", text: "" }) }),
  },
} as unknown as VaultCluster;

/** One program instance in the world. */
export type Instance = { readonly service: RunningService; readonly holder: string };

/** What a test works with. */
export type World = {
  readonly time: ManualTime;
  readonly store: Store;
  readonly outside: Outside;
  /** Every question to the outside, in order. */
  readonly asked: string[];
  /** Every message that was logged, with its facts. */
  readonly logged: string[];
  /** Process ids that exist on the host. */
  readonly alive: Set<number>;
  /** Creates an instance; it carries runs once `begin` was called. */
  readonly instance: (pid?: number, runs?: RunStore) => Instance;
  readonly begun: (pid?: number, runs?: RunStore) => Promise<Instance>;
};

/** Creates a world with one runbook. */
export function createWorld(runbook: Runbook = runbookOf(REMOVE, ABSENT)): World {
  const time = createManualTime();
  const alive = new Set([1, 2]);
  const store = createMemoryStore({ machine: { host: "host", processExists: (pid) => alive.has(pid) } });
  const outside = goodOutside();
  const asked: string[] = [];
  const logged: string[] = [];
  const registries = registriesOf(outside, (what) => asked.push(what));
  const logger = recordingLogger(logged);
  const instance = (pid = 1, runs = store.runs): Instance => {
    const holder = `host:${pid}:x`;
    let count = 0;
    const service = createRunService({
      ...registries,
      store: runs,
      locks: store.locks,
      services: {},
      holders: store.holders,
      holder,
      clusters: new Map([["prod", cluster]]),
      catalog: () => new Map([["lost-peer", { runbook, text: "text", digest: "digest", included: {} }]]),
      compile: (text, included) =>
        compileProgram(text, included, registries satisfies Declarations, registries.actions),
      clock: time.clock,
      timers: time.timers,
      ids: { next: (kind) => `${kind}-${pid}-${++count}` },
      logger,
    });
    return { service, holder };
  };
  const begun = async (pid = 1, runs = store.runs): Promise<Instance> => {
    const made = instance(pid, runs);
    await made.service.begin();
    await settled();
    return made;
  };
  return { time, store, outside, asked, logged, alive, instance, begun };
}

function recordingLogger(logged: string[]): Logger {
  const log = (message: string, facts?: object): void => void logged.push(`${message} ${JSON.stringify(facts ?? {})}`);
  return { debug: log, info: log, warn: log, error: log };
}

/** Starts the runbook as alice; gives the run's id once everything that needs no time has happened. */
export async function started({ service }: Instance): Promise<string> {
  const answer = await service.start({
    runbook: "lost-peer",
    inputs: { cluster: "prod" },
    by: alice,
    origin: { surface: "cli" },
  });
  if (!answer.ok) throw new Error(answer.why);
  await settled();
  return answer.runId;
}

/** Sends an answer that must be taken. */
export async function asks({ service }: Instance, request: RunRequest): Promise<void> {
  const answer = await service.ask(request);
  if (!answer.ok) throw new Error(answer.why);
  await settled();
}

/** bob and carol approve the first gate of the removal. */
export async function approved(instance: Instance, runId: string): Promise<void> {
  for (const by of [bob, carol])
    await asks(instance, { type: "approve", runId, gateId: "remove.1", by, phrase: "prod" });
}

/** The run's phase, or how it ended. */
export async function standOf({ service }: Instance, runId: string): Promise<string> {
  const loaded = await service.get(runId);
  if (loaded === undefined) throw new Error("there is no such run");
  return loaded.run.status === "open" ? loaded.run.phase.name : loaded.run.result;
}

/** The open run. */
export async function openRun({ service }: Instance, runId: string): Promise<OpenRun> {
  const loaded = await service.get(runId);
  if (loaded?.run.status !== "open") throw new Error("the run is not open");
  return loaded.run;
}

/** Types of the stored events, in order. */
export async function eventTypes({ store }: World, runId: string): Promise<readonly RunEvent["type"][]> {
  return (await store.runs.read(runId)).map(({ event }) => event.type);
}
