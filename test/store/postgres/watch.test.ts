import { expect, it } from "@jest/globals";
import type { Timers } from "../../../src/lib/clock.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import type { RunStore } from "../../../src/runner/ports.ts";
import { describeWith } from "../../support/real.ts";
import { ended, finished, said, summary } from "../run-fixtures.ts";
import { alertGroup } from "../side-stores.contract.ts";
import { testServer } from "./test-database.ts";

/** Collects what a watch reports. */
function collect(runs: RunStore) {
  const told: string[] = [];
  const end = runs.watch((runId) => told.push(runId));
  const saw = async (runId: string): Promise<true> =>
    await waitFor(`a report of ${runId}`, async () => (told.includes(runId) ? true : undefined));
  return { told, end, saw };
}

/** Timers that fire when a test says so. */
function heldTimers(): { readonly timers: Timers; readonly fire: () => void; readonly held: () => number } {
  const callbacks = new Set<() => void>();
  const after = (_milliseconds: number, callback: () => void) => {
    callbacks.add(callback);
    return () => void callbacks.delete(callback);
  };
  return { timers: { after }, held: () => callbacks.size, fire: () => callbacks.forEach((callback) => callback()) };
}

const END_WATCHES = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sealwatch-watch'`;

describeWith(["postgresql"], "watching runs in PostgreSQL", () => {
  const { server, open, emptyDatabase } = testServer();

  it("tells another instance of each change, and the one that made it of none", async () => {
    const database = await emptyDatabase();
    const [left, right] = [await open({ database }), await open({ database })];
    const [ofLeft, ofRight] = [collect(left.runs), collect(right.runs)];
    // Each is heard to listen before what must not be heard happens.
    await right.runs.append("hello left", 0, [said("one")], summary());
    await left.runs.append("hello right", 0, [said("one")], summary());
    await Promise.all([ofLeft.saw("hello left"), ofRight.saw("hello right")]);

    ofLeft.told.length = 0;
    await left.runs.append("R1", 0, [said("one")], summary());
    await right.runs.append("R2", 0, [said("one")], summary());
    await Promise.all([ofLeft.saw("R2"), ofRight.saw("R1")]);
    expect(ofLeft.told).toEqual(["R2"]);
    await left.close();
    await right.close();
  });

  it("tells nobody who has ended it", async () => {
    const database = await emptyDatabase();
    const [left, right] = [await open({ database }), await open({ database })];
    const [first, second] = [collect(left.runs), collect(left.runs)];
    await right.runs.append("R1", 0, [said("one")], summary());
    await Promise.all([first.saw("R1"), second.saw("R1")]);
    first.end();
    await right.runs.append("R2", 0, [said("one")], summary());
    await second.saw("R2");
    expect(first.told).not.toContain("R2");
    await left.close();
    await right.close();
  });

  it("tells, once its connection is back, of all that may have changed while it was away, ended runs too", async () => {
    const database = await emptyDatabase();
    const { timers, fire, held } = heldTimers();
    const [left, right] = [await open({ database, timers }), await open({ database })];
    await right.runs.append("before", 0, [said("one")], summary());
    const watch = collect(left.runs);
    await watch.saw("before");
    await server().execute("postgres", END_WATCHES);
    await waitFor("the loss of the connection", async () => (held() > 0 ? true : undefined));
    watch.told.length = 0;

    await right.runs.append("ended", 0, [said("one"), finished()], ended());
    await right.runs.append("open", 0, [said("one")], summary());
    expect(watch.told).toEqual([]);
    fire();

    await watch.saw("open");
    expect(new Set(watch.told)).toEqual(new Set(["before", "ended", "open"]));
    watch.told.length = 0;
    await right.runs.append("later", 0, [said("one")], summary());
    await watch.saw("later");
    await left.close();
    await right.close();
  });

  it("goes on after an outage of the server, of which it tells once, and once of its end", async () => {
    const database = await server().createDatabase();
    const [tries, logged]: [number[], string[]] = [[], []];
    const log = (message: string): void => void logged.push(message);
    const after: Timers["after"] = (_milliseconds, callback) => {
      const timer = setTimeout(callback, tries.push(1) && 5);
      return () => clearTimeout(timer);
    };
    const logger = { debug: () => {}, info: log, warn: log, error: log };
    const [left, right] = [await open({ database, timers: { after }, logger }), await open({ database })];
    const watch = collect(left.runs);
    await right.runs.append("before", 0, [said("one")], summary());
    await watch.saw("before");
    await server().stop();
    await waitFor("many tries", async () => (tries.length > 20 ? true : undefined));
    await server().start();
    await right.runs.append("after", 0, [said("one")], summary());
    await watch.saw("after");
    expect(logged).toEqual([
      "store opened",
      "changes of other instances are not heard until the connection is back",
      "changes of other instances are heard again",
    ]);
    await left.close();
    await right.close();
  });

  it("takes a run's id as it is, with blanks in it", async () => {
    const database = await emptyDatabase();
    const [left, right] = [await open({ database }), await open({ database })];
    const watch = collect(left.runs);
    await right.runs.append("here", 0, [said("one")], summary());
    await watch.saw("here");
    await right.runs.append("a b  c", 0, [said("one"), finished()], ended());
    await watch.saw("a b  c");
    await left.close();
    await right.close();
  });

  it("tells another instance of whatever is noted in the outbox, also of what it missed while its connection was away", async () => {
    const database = await emptyDatabase();
    const { timers, fire, held } = heldTimers();
    const [left, right] = [await open({ database, timers }), await open({ database })];
    let told = 0;
    const toldAfter = async (change: () => Promise<unknown>): Promise<void> => {
      const before = told;
      await change();
      await waitFor("the outbox's call", async () => (told > before ? true : undefined));
    };
    await toldAfter(async () => void left.outbox.watch(() => (told += 1)));
    await toldAfter(async () => await right.outbox.note("home:U1", 1));
    await toldAfter(async () => await right.alerts.put(alertGroup()));
    await toldAfter(async () => await right.runs.append("R1", 0, [said("one")], summary()));

    await server().execute("postgres", END_WATCHES);
    await waitFor("the loss of the connection", async () => (held() > 0 ? true : undefined));
    await right.outbox.note("home:U2", 1);
    await toldAfter(async () => fire());
    await left.close();
    await right.close();
  });
});
