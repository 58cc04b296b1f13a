import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { CHAIN_START, extendChain, firstBreak, type ChainEntry, type ChainHead } from "../../src/store/chain.ts";

/*
 * P11 on the chain itself: any tampering with what is stored is found, and where. What a chain cannot find is shown too, so that nobody
 * promises it. The same on a real file and a real database: tampering.contract.ts.
 */
const TAMPERINGS = 12_000;

type Stored = { readonly entries: readonly ChainEntry[]; readonly head: ChainHead };

const NEW: ChainHead = { version: 0, head: CHAIN_START };

/** A run as it is stored, appended in pieces as the program does. */
function storedRun(runId: string, pieces: readonly (readonly string[])[]): Stored {
  let head = NEW;
  const entries: ChainEntry[] = [];
  for (const texts of pieces) {
    const added = extendChain(runId, head, texts);
    entries.push(...added);
    head = { version: entries.length, head: added.at(-1)?.hash ?? head.head };
  }
  return { entries, head };
}

const text = fc.oneof(
  fc.json({ maxDepth: 2 }).map((json) => JSON.stringify({ at: 1, said: json, type: "Said" })),
  fc.constantFrom('{"at":1,"type":"Said"}', '{"at":2,"type":"Said"}'),
);
const run = fc
  .array(fc.array(text, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  .map((pieces) => storedRun("R1", pieces));

/** A tampering: what is stored afterwards, and the first sequence that cannot be what it was. */
type Tampered = Stored & { readonly kind: string; readonly first: number };

const place = fc.nat();
const word = fc.string({ minLength: 1, maxLength: 3 });
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex"));

const renumbered = (entries: readonly ChainEntry[]): readonly ChainEntry[] =>
  entries.map((entry, index) => ({ ...entry, sequence: index + 1 }));

/** Where two timelines differ first, as `firstBreak` counts. */
function firstDifference(before: readonly ChainEntry[], after: readonly ChainEntry[]): number {
  const same = (left: ChainEntry | undefined, right: ChainEntry | undefined): boolean =>
    left?.text === right?.text && left?.hash === right?.hash && left?.sequence === right?.sequence;
  const longest = Math.max(before.length, after.length);
  for (let index = 0; index < longest; index++) if (!same(before[index], after[index])) return index + 1;
  return 0;
}

type Tamper = { readonly kind: string; readonly edit: (stored: Stored) => readonly ChainEntry[] };

const at = (entries: readonly ChainEntry[], index: number): number => index % entries.length;
const changed = (
  { entries }: Stored,
  index: number,
  change: (entry: ChainEntry) => ChainEntry,
): readonly ChainEntry[] => entries.map((entry, each) => (each === at(entries, index) ? change(entry) : entry));

const edits: fc.Arbitrary<Tamper> = fc.oneof(
  fc.record({ index: place, cut: place, put: word }).map(({ index, cut, put }) => ({
    kind: "text",
    edit: (stored: Stored) =>
      changed(stored, index, (entry) => {
        const here = cut % entry.text.length;
        return { ...entry, text: entry.text.slice(0, here) + put + entry.text.slice(here + 1) };
      }),
  })),
  fc.record({ index: place, other: hash }).map(({ index, other }) => ({
    kind: "hash",
    edit: (stored: Stored) => changed(stored, index, (entry) => ({ ...entry, hash: other })),
  })),
  fc.record({ index: place, by: fc.integer({ min: 1, max: 9 }) }).map(({ index, by }) => ({
    kind: "sequence",
    edit: (stored: Stored) => changed(stored, index, (entry) => ({ ...entry, sequence: entry.sequence + by })),
  })),
  fc.record({ index: place, renumber: fc.boolean() }).map(({ index, renumber }) => ({
    kind: "deletion",
    edit: ({ entries }: Stored) => {
      const left = entries.filter((_, each) => each !== at(entries, index));
      return renumber ? renumbered(left) : left;
    },
  })),
  fc.record({ left: place, right: place, renumber: fc.boolean() }).map(({ left, right, renumber }) => ({
    kind: "reordering",
    edit: ({ entries }: Stored) => {
      const [one, two] = [entries[at(entries, left)], entries[at(entries, right)]];
      const swapped = entries.map((entry) => (entry === one ? two : entry === two ? one : entry));
      const all = swapped.filter((entry) => entry !== undefined);
      return renumber ? renumbered(all) : all;
    },
  })),
  fc.record({ from: place, to: place, renumber: fc.boolean() }).map(({ from, to, renumber }) => ({
    kind: "duplicate",
    edit: ({ entries }: Stored) => {
      const copied = entries[at(entries, from)];
      const here = at(entries, to) + 1;
      const all = [...entries.slice(0, here), ...(copied === undefined ? [] : [copied]), ...entries.slice(here)];
      return renumber ? renumbered(all) : all;
    },
  })),
  fc.record({ keep: place }).map(({ keep }) => ({
    kind: "truncation",
    edit: ({ entries }: Stored) => entries.slice(0, at(entries, keep)),
  })),
  fc.record({ index: place, others: fc.array(text, { minLength: 20, maxLength: 24 }) }).map(({ index, others }) => ({
    kind: "another run's event",
    edit: (stored: Stored) => {
      const stranger = storedRun("R2", [others]).entries;
      return changed(stored, index, (entry) => stranger[entry.sequence - 1] ?? { ...entry, hash: CHAIN_START + "x" });
    },
  })),
  fc.record({ index: place, put: text }).map(({ index, put }) => ({
    kind: "an event whose own hash was made anew",
    edit: ({ entries }: Stored) => {
      const here = at(entries, index);
      const before = { version: here, head: entries[here - 1]?.hash ?? CHAIN_START };
      const [forged] = extendChain("R1", before, [`${put} `]);
      return entries.map((entry, each) => (each === here && forged !== undefined ? forged : entry));
    },
  })),
);

const tampered: fc.Arbitrary<Tampered> = fc
  .tuple(run, edits)
  .map(([stored, { kind, edit }]) => {
    const entries = edit(stored);
    return { kind, entries, head: stored.head, first: firstDifference(stored.entries, entries) };
  })
  .filter(({ first }) => first > 0);

describe("the chain of a timeline", () => {
  it(`finds each of ${TAMPERINGS} tamperings, at the first event that is not what it was`, () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(tampered, ({ kind, entries, head, first }) => {
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
        const found = firstBreak("R1", entries, head);
        // An event that carries a fitting hash of its own is seen at the next one, which was hashed onto the old.
        const places = kind === "an event whose own hash was made anew" ? [first, first + 1] : [first];
        expect(places).toContain(found);
      }),
      { numRuns: TAMPERINGS },
    );
    expect([...seen.values()].every((count) => count > TAMPERINGS / 50)).toBe(true);
    expect(seen.size).toBe(9);
  });

  it("fits what the program wrote, in however many pieces", () => {
    fc.assert(
      fc.property(run, ({ entries, head }) => {
        expect(firstBreak("R1", entries, head)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it("finds a head that is another's, and a count that is", () => {
    fc.assert(
      fc.property(run, hash, fc.integer({ min: 1, max: 5 }), ({ entries, head }, other, more) => {
        expect(firstBreak("R1", entries, { ...head, head: other })).toBe(entries.length);
        expect(firstBreak("R1", entries, { ...head, version: head.version + more })).toBe(entries.length + 1);
        if (head.version > 1)
          expect(firstBreak("R1", entries, { ...head, version: head.version - 1 })).toBe(head.version);
        expect(firstBreak("R2", entries, head)).toBe(1);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("what no chain can find by itself", () => {
  it("is a timeline that was written anew from some event on, with every later hash and the run's own row", () => {
    fc.assert(
      fc.property(run, place, text, ({ entries, head }, index, put) => {
        const here = at(entries, index);
        const before = { version: here, head: entries[here - 1]?.hash ?? CHAIN_START };
        const texts = [`${put} `, ...entries.slice(here + 1).map((entry) => entry.text)];
        const forged = [...entries.slice(0, here), ...extendChain("R1", before, texts)];
        const forgedHead = { version: forged.length, head: forged.at(-1)?.hash ?? CHAIN_START };
        expect(firstBreak("R1", forged, forgedHead)).toBeUndefined();
        // The head that people saw is another: this is what it is shown for.
        expect(forgedHead.head).not.toBe(head.head);
      }),
      { numRuns: 1000 },
    );
  });

  it("is an end that was cut off together with the run's own row, and a run that is gone with its row", () => {
    fc.assert(
      fc.property(run, place, ({ entries, head }, keep) => {
        const left = entries.slice(0, at(entries, keep));
        const cut = { version: left.length, head: left.at(-1)?.hash ?? CHAIN_START };
        expect(firstBreak("R1", left, cut)).toBeUndefined();
        expect(cut.head).not.toBe(head.head);
      }),
      { numRuns: 1000 },
    );
    expect(firstBreak("R1", [], NEW)).toBeUndefined();
  });
});
