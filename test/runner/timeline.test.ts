import { beforeEach, describe, expect, it } from "@jest/globals";
import type { RunCommand } from "../../src/engine/commands.ts";
import type { Program } from "../../src/engine/program.ts";
import { ConcurrencyError } from "../../src/lib/concurrency-error.ts";
import { FailureError } from "../../src/lib/failure.ts";
import type { Runbook } from "../../src/runbook/schema.ts";
import { compileProgram } from "../../src/runner/compile-program.ts";
import type { RunStore } from "../../src/runner/ports.ts";
import { answerOf, createTimeline, type Timeline } from "../../src/runner/timeline.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { T0 } from "./manual-time.ts";
import { alice, bob, carol, goodOutside, registriesOf, runbookOf } from "./runner-world.ts";

const runbook = runbookOf({ id: "gone", manual: "Is it gone?" }, { id: "bye", say: "Bye." });
const start = (runId: string, digest = "digest"): RunCommand => ({
  type: "Start",
  at: T0,
  runId,
  runbook,
  runbookText: "text",
  runbookDigest: digest,
  included: {},
  dryRun: false,
  drill: false,
  cluster: "prod",
  inputs: { cluster: "prod" },
  by: alice,
  origin: { surface: "cli" },
  driver: "host:1:x",
});
const confirm = (by = bob): RunCommand => ({ type: "ConfirmManual", at: T0 + 1, step: "gone", by });

let store: RunStore;
let compiled: string[];
let timeline: Timeline;

beforeEach(() => {
  store = createMemoryStore().runs;
  compiled = [];
  timeline = createTimeline({ store, compile });
});

describe("createTimeline", () => {
  it("loads a run with its version and the head of its chain, and nothing for a run that is not there", async () => {
    expect(await timeline.dispatch("R1", start("R1"))).toEqual({ ok: true, appended: 3 });
    const events = await store.read("R1");
    expect(await timeline.load("R1")).toMatchObject({
      version: 3,
      head: events.at(-1)?.hash,
      run: { status: "open", phase: { name: "manual" } },
    });
    expect(await timeline.load("R404")).toBeUndefined();
  });

  it("gives the engine's refusal in its own words, and stores nothing", async () => {
    await timeline.dispatch("R1", start("R1"));
    const viewer = { id: "dave", name: "dave", role: "viewer" as const, groups: [] };
    expect(await timeline.dispatch("R1", confirm(viewer))).toEqual({
      ok: false,
      why: "dave may not confirm steps; the role responder is needed",
      code: "role",
    });
    expect(await store.read("R1")).toHaveLength(3);
  });

  it("appends nothing for a late answer", async () => {
    await timeline.dispatch("R1", start("R1"));
    expect(await timeline.dispatch("R1", { type: "Tick", at: T0 + 1 })).toEqual({ ok: true, appended: 0 });
  });

  it("knows no run that was not started", async () => {
    expect(await timeline.dispatch("R404", confirm())).toEqual({
      ok: false,
      why: "there is no such run",
      code: "no-such-run",
    });
  });

  it("decides again on what someone else made of the run meanwhile", async () => {
    await timeline.dispatch("R1", start("R1"));
    // carol's confirmation is stored between bob's load and his append.
    const slow = createTimeline({
      store: interposing(store, async () => void (await timeline.dispatch("R1", confirm(carol)))),
      compile,
    });
    expect(await slow.dispatch("R1", confirm(bob))).toEqual({
      ok: false,
      why: "this run has ended (resolved): Every step is done.",
      code: "ended",
    });
    const done = (await store.read("R1")).filter(({ event }) => event.type === "StepSucceeded");
    expect(done.map(({ event }) => event)).toMatchObject([{ by: { id: "carol" } }, { step: "bye" }]);
  });

  it("lets exactly one of two confirm when both come at once", async () => {
    await timeline.dispatch("R1", start("R1"));
    const answers = await Promise.all([timeline.dispatch("R1", confirm(bob)), timeline.dispatch("R1", confirm(carol))]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it("gives up after 20 lost races instead of trying for ever", async () => {
    await timeline.dispatch("R1", start("R1"));
    let tries = 0;
    const losing: RunStore = {
      ...store,
      append: async (runId) => {
        tries++;
        throw new ConcurrencyError(runId, 1, 2);
      },
    };
    await expect(createTimeline({ store: losing, compile }).dispatch("R1", confirm())).rejects.toThrow(
      ConcurrencyError,
    );
    expect(tries).toBe(20);
  });

  it("does not try again what failed for another reason", async () => {
    await timeline.dispatch("R1", start("R1"));
    let tries = 0;
    const full: RunStore = {
      ...store,
      append: async () => {
        tries++;
        throw new Error("disk full");
      },
    };
    await expect(createTimeline({ store: full, compile }).dispatch("R1", confirm())).rejects.toThrow("disk full");
    expect(tries).toBe(1);
  });

  it("compiles a runbook once a digest, and a run keeps the text that it was started with", async () => {
    await timeline.dispatch("R1", start("R1", "one"));
    await timeline.dispatch("R2", start("R2", "one"));
    await timeline.dispatch("R3", start("R3", "two"));
    await timeline.dispatch("R1", confirm());
    expect(compiled).toEqual(["lost-peer", "lost-peer"]);
  });

  it("lets people end a run whose runbook this version cannot carry out, and nothing else", async () => {
    await timeline.dispatch("R1", start("R1"));
    const newer = createTimeline({
      store,
      compile: () => {
        throw new FailureError({ reason: "refused", message: "cannot carry out runbook lost-peer", retryable: false });
      },
    });
    await expect(newer.dispatch("R1", confirm())).rejects.toThrow("cannot carry out runbook lost-peer");
    expect(await newer.dispatch("R1", { type: "Abort", at: T0 + 2, by: bob, reason: "too old" })).toEqual({
      ok: true,
      appended: 2,
    });
  });
});

describe("answerOf", () => {
  it("gives a person the run's id or the reason", () => {
    expect(answerOf("R1", { ok: true, appended: 2 })).toEqual({ ok: true, runId: "R1" });
    expect(answerOf("R1", { ok: false, why: "closed", code: "closed" })).toEqual({
      ok: false,
      why: "closed",
      code: "closed",
    });
  });
});

function compile(given: Runbook): Program {
  compiled.push(given.id);
  const registries = registriesOf(goodOutside());
  return compileProgram(given, {}, registries, registries.actions);
}

/** A store in which something happens just before the first append. */
function interposing(inner: RunStore, meanwhile: () => Promise<void>): RunStore {
  let happened = false;
  return {
    ...inner,
    append: async (...given) => {
      if (!happened) {
        happened = true;
        await meanwhile();
      }
      await inner.append(...given);
    },
  };
}
