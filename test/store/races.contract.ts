import { expect, it } from "@jest/globals";
import type { Store } from "../../src/store/store.ts";
import type { Place } from "./children/place.ts";
import { endChildrenAfterEach, startChild, startReady } from "./children/start-child.ts";

const APPENDS = 200;
const LOCKS = 100;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A store that several processes open. */
export type SharedStore = {
  /** A place where nothing was stored yet. */
  readonly make: () => Promise<Place> | Place;
  readonly open: (place: Place) => Promise<Store> | Store;
  /** Lets so many milliseconds pass where the store's own clock judges its locks; the others go by what callers say. */
  readonly elapse: (place: Place, ms: number) => Promise<void>;
};

/** Lets a child append until so many appends were acknowledged, kills it with SIGKILL, and gives the last version that it was told. */
async function killAfter(place: Place, acknowledged: number): Promise<number> {
  const child = startChild("append-forever", place, "R1");
  const versions: number[] = [];
  for (let line = await child.next(); line !== undefined; line = await child.next()) {
    versions.push(Number(line));
    if (versions.length === acknowledged) child.process.kill("SIGKILL");
  }
  await child.kill();
  expect(child.process.signalCode).toBe("SIGKILL");
  return versions.at(-1) ?? 0;
}

/** What real processes see of one store. */
export function racesContract({ make, open, elapse }: SharedStore): void {
  endChildrenAfterEach();

  it("keeps whole batches, all that were acknowledged, and a chain that fits, of a process that is killed in the middle of appends", async () => {
    const place = await make();
    for (const acknowledged of [1, 2, 5, 13, 40]) {
      const last = await killAfter(place, acknowledged);
      const store = await open(place);
      const events = await store.runs.read("R1");
      expect(events.length % 3).toBe(0);
      expect(events.length).toBeGreaterThanOrEqual(last);
      expect(events.length).toBeLessThanOrEqual(last + 3);
      expect(await store.runs.verify("R1")).toBeUndefined();
      await store.close();
    }
  });

  it("has in the outbox the last event that it kept, and never an older or a later one, of a process that is killed in the middle of appends", async () => {
    const place = await make();
    const revisions: number[] = [];
    for (const acknowledged of [1, 3, 9]) {
      await killAfter(place, acknowledged);
      const store = await open(place);
      const [item, ...others] = await store.outbox.due(0, 10);
      const last = (await store.runs.read("R1")).at(-1);
      expect(others).toEqual([]);
      expect(item).toMatchObject({ subject: "run:R1", changedAt: last?.event.at });
      revisions.push(item?.revision ?? 0);
      expect(await store.outbox.settle({ subject: "run:R1", revision: item?.revision ?? 0 })).toBe(true);
      await store.close();
    }
    expect(revisions).toEqual([...new Set(revisions)].sort((left, right) => left - right));
  });

  it("loses no last note to a process that takes off the list what the other notes", async () => {
    const place = await make();
    const store = await open(place);
    const [noting] = await startReady("note-racing", place, ["noting"]);
    noting?.tell(APPENDS);
    const ended = noting?.next();
    const notes = { over: false };
    void ended?.then(() => (notes.over = true));
    let shown = 0;
    const show = async (): Promise<void> => {
      for (const item of await store.outbox.due(0, 10)) {
        shown = (await store.runs.read("R1")).length;
        await store.outbox.settle(item);
      }
    };
    while (!notes.over) await Promise.all([show(), new Promise(setImmediate)]);
    await show();
    expect(await ended).toBe(String(APPENDS));
    expect(shown).toBe(APPENDS);
    expect(await store.outbox.due(0, 10)).toEqual([]);
    await store.close();
  });

  it("lets exactly one of two processes be the first who takes what Slack delivered to both", async () => {
    const racers = await startReady("take-racing", await make(), ["left", "right"]);
    for (let click = 0; click < APPENDS; click += 1) {
      for (const { tell } of racers) tell(`click-${click}`);
      const answers = await Promise.all(racers.map(async ({ next }) => await next()));
      expect(new Set(answers)).toEqual(new Set(["first", "taken"]));
    }
  });

  it("is opened for the first time by two processes at once, and for each place in a run exactly one of them wins", async () => {
    const place = await make();
    const names = ["left", "right"];
    const racers = await startReady("append-racing", place, names);
    const winners: string[] = [];
    for (let expected = 0; expected < APPENDS; expected++) {
      for (const { tell } of racers) tell(expected);
      const answers = await Promise.all(racers.map(async ({ next }) => await next()));
      expect(new Set(answers)).toEqual(new Set(["won", "lost"]));
      winners.push(names[answers.indexOf("won")] ?? "");
    }
    await Promise.all(racers.map(async ({ end }) => await end()));
    const store = await open(place);
    const said = (await store.runs.read("R1")).map(({ event }) => (event.type === "Said" ? event.text : ""));
    expect(said).toEqual(winners);
    expect(await store.runs.verify("R1")).toBeUndefined();
    await store.close();
  });

  it("gives a timed lock to one process at a time, each time with the next epoch", async () => {
    const place = await make();
    const racers = await startReady("lock-racing", place, ["left", "right"]);
    for (let round = 1; round <= LOCKS; round++) {
      for (const { tell } of racers) tell(round * HOUR_MS);
      const answers = await Promise.all(racers.map(async ({ next }) => await next()));
      expect(new Set(answers)).toEqual(new Set([String(round), "refused"]));
      await elapse(place, HOUR_MS);
    }
  });

  it("leaves a timed lock to the other when its holder is killed, as soon as its time is over and not before", async () => {
    const place = await make();
    const [holder, other] = await startReady("lock-racing", place, ["holder", "other"]);
    holder?.tell(HOUR_MS);
    expect(await holder?.next()).toBe("1");

    await holder?.kill();

    await elapse(place, 59 * MINUTE_MS);
    other?.tell(HOUR_MS + 59 * MINUTE_MS);
    expect(await other?.next()).toBe("refused");
    await elapse(place, MINUTE_MS);
    other?.tell(2 * HOUR_MS);
    expect(await other?.next()).toBe("2");
  });
}
