import { expect, it } from "@jest/globals";
import type { Store } from "../../src/store/store.ts";
import type { Place } from "./children/place.ts";
import { endChildrenAfterEach, startChild, startReady } from "./children/start-child.ts";

const APPENDS = 200;
const LOCKS = 100;
const MINUTE_MS = 60_000;

/** A store that several processes open. */
export type SharedStore = {
  /** A place where nothing was stored yet. */
  readonly make: () => Promise<Place> | Place;
  readonly open: (place: Place) => Promise<Store> | Store;
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
export function racesContract({ make, open }: SharedStore): void {
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

  it("gives the walkers' lock to one process at a time, each time with the next epoch", async () => {
    const racers = await startReady("lock-racing", await make(), ["left", "right"]);
    for (let round = 1; round <= LOCKS; round++) {
      for (const { tell } of racers) tell(round * MINUTE_MS);
      const answers = await Promise.all(racers.map(async ({ next }) => await next()));
      expect(new Set(answers)).toEqual(new Set([String(round), "refused"]));
    }
  });

  it("leaves the walkers' lock to the other when its holder is killed, as soon as its time is over and not before", async () => {
    const [walker, other] = await startReady("lock-racing", await make(), ["walker", "other"]);
    walker?.tell(MINUTE_MS);
    expect(await walker?.next()).toBe("1");

    await walker?.kill();

    other?.tell(2 * MINUTE_MS - 1);
    expect(await other?.next()).toBe("refused");
    other?.tell(2 * MINUTE_MS);
    expect(await other?.next()).toBe("2");
  });
}
