import { afterEach, beforeEach, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import type { ChainEntry, ChainHead } from "../../src/store/chain.ts";
import type { RunStore } from "../../src/runner/ports.ts";
import { ended, finished, said, summary } from "./run-fixtures.ts";

const EVENTS = 12;

/** A store as someone sees it who can write to what it keeps, and does not use the program for it. */
export type Victim = {
  readonly runs: RunStore;
  /** What is stored of a run's events, in order. */
  readonly entries: (runId: string) => Promise<readonly ChainEntry[]>;
  /** Stores these instead of the events of run R1. */
  readonly rewrite: (entries: readonly ChainEntry[]) => Promise<void>;
  /** Stores this as what run R1's chain should end with; undefined takes that row away. */
  readonly rewriteHead: (head: ChainHead | undefined) => Promise<void>;
  readonly close: () => Promise<void> | void;
};

/** What `verify` finds of edits behind the program's back; `tries` is how many of each kind are made. */
export function tamperingContract(open: () => Promise<Victim> | Victim, tries = 200): void {
  let victim: Victim;
  beforeEach(async () => {
    victim = await open();
    const events = Array.from({ length: EVENTS - 1 }, (_, index) => said(`sentence ${index + 1}`, 1000 + index));
    await victim.runs.append("R1", 0, [...events, finished()], ended());
    await victim.runs.append("R2", 0, [said("another run")], summary());
  });
  afterEach(async () => await victim.close());

  singleEvents(() => victim, tries);
  wholeTimelines(() => victim, tries);
  heads(() => victim);
}

type Edit = (entries: readonly ChainEntry[]) => readonly ChainEntry[];

/** Edits what is stored, looks what `verify` says, and undoes the edit. */
async function verifyAfter(victim: Victim, edit: Edit): Promise<number | undefined> {
  const entries = await victim.entries("R1");
  await victim.rewrite(edit(entries));
  try {
    return await victim.runs.verify("R1");
  } finally {
    await victim.rewrite(entries);
  }
}

/** Changes the entry of one sequence. */
function changed(sequence: number, change: (entry: ChainEntry) => ChainEntry): Edit {
  return (entries) => entries.map((entry) => (entry.sequence === sequence ? change(entry) : entry));
}

const anySequence = fc.integer({ min: 1, max: EVENTS });

function singleEvents(victim: () => Victim, numRuns: number): void {
  it("finds any change of any character of any event, at that event", async () => {
    const edit = fc.record({ sequence: anySequence, position: fc.nat(), character: fc.string({ maxLength: 2 }) });
    await fc.assert(
      fc.asyncProperty(edit, async ({ sequence, position, character }) => {
        let isSame = true;
        const found = await verifyAfter(
          victim(),
          changed(sequence, (entry) => {
            const at = position % entry.text.length;
            const text = entry.text.slice(0, at) + character + entry.text.slice(at + 1);
            isSame = text === entry.text;
            return { ...entry, text };
          }),
        );
        expect(found).toBe(isSame ? undefined : sequence);
      }),
      { numRuns },
    );
  });

  it("finds any changed hash, at that event", async () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex"));
    await fc.assert(
      fc.asyncProperty(anySequence, hash, async (sequence, other) => {
        const found = await verifyAfter(
          victim(),
          changed(sequence, (entry) => ({ ...entry, hash: other })),
        );
        expect(found).toBe(sequence);
      }),
      { numRuns },
    );
  });

  it.each([
    { name: "an event of another run put in behind the last", sequence: EVENTS + 1 },
    { name: "an event of another run in place of its own", sequence: 1 },
  ])("finds $name", async ({ sequence }) => {
    const [stranger] = await victim().entries("R2");
    const found = await verifyAfter(victim(), (entries) => [
      ...entries.filter((entry) => entry.sequence !== sequence),
      ...(stranger === undefined ? [] : [{ ...stranger, sequence }]),
    ]);
    expect(found).toBe(sequence);
  });
}

function wholeTimelines(victim: () => Victim, numRuns: number): void {
  it("finds any deletion, the last event's too, at the first event that is missing", async () => {
    const range = fc
      .tuple(anySequence, anySequence)
      .map(([left, right]) => [Math.min(left, right), Math.max(left, right)] as const);
    await fc.assert(
      fc.asyncProperty(range, async ([first, last]) => {
        const found = await verifyAfter(victim(), (entries) =>
          entries.filter(({ sequence }) => sequence < first || sequence > last),
        );
        expect(found).toBe(first);
      }),
      { numRuns },
    );
  });

  it("finds a deletion that renumbers what is behind it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: EVENTS - 1 }), async (gone) => {
        const found = await verifyAfter(victim(), (entries) =>
          entries
            .filter(({ sequence }) => sequence !== gone)
            .map((entry) => (entry.sequence > gone ? { ...entry, sequence: entry.sequence - 1 } : entry)),
        );
        expect(found).toBe(gone);
      }),
      { numRuns },
    );
  });

  it("finds any two events that changed places, at the first of them", async () => {
    await fc.assert(
      fc.asyncProperty(anySequence, anySequence, async (left, right) => {
        fc.pre(left !== right);
        const places = new Map([
          [left, right],
          [right, left],
        ]);
        const found = await verifyAfter(victim(), (entries) =>
          entries.map((entry) => ({ ...entry, sequence: places.get(entry.sequence) ?? entry.sequence })),
        );
        expect(found).toBe(Math.min(left, right));
      }),
      { numRuns },
    );
  });

  it("finds all events deleted", async () => {
    expect(await verifyAfter(victim(), () => [])).toBe(1);
  });

  it("finds nothing in the other runs", async () => {
    await victim().rewrite([]);
    expect(await victim().runs.verify("R2")).toBeUndefined();
  });
}

function heads(victim: () => Victim): void {
  const lastHash = async () => (await victim().entries("R1")).at(-1)?.hash ?? "";

  it("finds a changed head", async () => {
    await victim().rewriteHead({ version: EVENTS, head: "0".repeat(64) });
    expect(await victim().runs.verify("R1")).toBe(EVENTS);
  });

  it("finds a changed count", async () => {
    await victim().rewriteHead({ version: EVENTS - 1, head: await lastHash() });
    expect(await victim().runs.verify("R1")).toBe(EVENTS);
  });

  it("finds that the run's own row is gone", async () => {
    await victim().rewriteHead(undefined);
    expect(await victim().runs.verify("R1")).toBe(1);
  });
}
