import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { NameKind } from "../../src/backup/backup-name.ts";
import type { BackupListing, BackupObject } from "../../src/backup/destination.ts";
import { createTally } from "../../src/backup/tally.ts";

type Entry = { readonly kind: NameKind; readonly object: BackupObject };

/** Few times, sizes and contents, so that ties and second names are frequent; names are unique, as in every place. */
const entries: fc.Arbitrary<readonly Entry[]> = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom<NameKind>("backup", "backup", "backup", "pointer", "partial", "other"),
    object: fc
      .record({
        name: fc.string({ minLength: 1, maxLength: 3 }),
        modifiedMs: fc.integer({ min: 1, max: 5 }),
        content: fc.constantFrom(undefined, "a", "b", "c"),
      })
      // One content has one size.
      .map((object) => ({
        ...object,
        sizeBytes: object.content === undefined ? 7 : (object.content.codePointAt(0) ?? 0),
      })),
  }),
  { selector: ({ object }) => object.name, maxLength: 12 },
);

function tallied(list: readonly Entry[]): BackupListing {
  const tally = createTally();
  for (const { kind, object } of list) tally.add(kind, object);
  return tally.listing();
}

/** The rule in plain words: sort by time and name, then leave out what has the newest's content. */
function expected(list: readonly Entry[]): Pick<BackupListing, "objects" | "newest" | "previous"> {
  const of = (kind: NameKind): BackupObject[] =>
    list.filter((entry) => entry.kind === kind).map(({ object }) => object);
  const backups = of("backup").length > 0 ? of("backup") : of("pointer");
  const sorted = backups.sort((a, b) => b.modifiedMs - a.modifiedMs || (b.name > a.name ? 1 : -1));
  const [newest] = sorted;
  const previous = sorted.find(
    (object) => object !== newest && (object.content === undefined || object.content !== newest?.content),
  );
  return { objects: backups.length, newest, previous };
}

describe("createTally", () => {
  it("finds the newest and the one before it of whatever lies there", () => {
    fc.assert(
      fc.property(entries, (list) => {
        expect(tallied(list)).toMatchObject(expected(list));
      }),
      { numRuns: 2000 },
    );
  });

  it("gives the same listing in whatever order a place tells its objects", () => {
    fc.assert(
      fc.property(
        entries.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray([...list], { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          expect(tallied(shuffled)).toEqual(tallied(list));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    { name: "the same content", copy: { content: "2", modifiedMs: 9, sizeBytes: 20 }, current: true },
    { name: "the same content, written before", copy: { content: "2", modifiedMs: 1, sizeBytes: 20 }, current: true },
    { name: "the same size, written later", copy: { content: "x-3", modifiedMs: 9, sizeBytes: 20 }, current: true },
    { name: "the same size, written before", copy: { content: "x-3", modifiedMs: 1, sizeBytes: 20 }, current: false },
    { name: "another size, written later", copy: { content: "x-3", modifiedMs: 9, sizeBytes: 21 }, current: false },
  ])("tells whether a copy called latest is the newest: $name", ({ copy, current }) => {
    const newest = { name: "2.snap", modifiedMs: 2, sizeBytes: 20, content: "2" };

    const { pointerCurrent } = tallied([
      { kind: "backup", object: newest },
      { kind: "pointer", object: { name: "latest.snap", ...copy } },
    ]);

    expect(pointerCurrent).toBe(current);
  });

  it("says of a link that leads nowhere that it is not current, even when there is no backup", () => {
    const tally = createTally();
    tally.addLink(undefined);

    expect(tally.listing()).toMatchObject({ objects: 0, pointerCurrent: false });
  });
});
