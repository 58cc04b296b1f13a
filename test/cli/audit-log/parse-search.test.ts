import { describe, expect, it } from "@jest/globals";
import { parseSearch, type SearchFlags } from "../../../src/cli/audit-log/parse-search.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const parse = (flags: Partial<SearchFlags>) =>
  parseSearch({ file: ["a.log"], mostTokens: "50000", paths: false, json: false, ...flags }, NOW);

describe("the flags of a search", () => {
  it("give times as such, and as how long ago", () => {
    expect(parse({ from: "90m", to: "2026-01-01T11:30:00+01:00" })).toMatchObject({
      ok: false,
      why: "--from is not before --to: nothing lies between",
    });
    expect(parse({ from: "2h", to: "2026-01-01T11:30:00Z" })).toMatchObject({
      ok: true,
      filter: { from: Date.UTC(2026, 0, 1, 10), to: Date.UTC(2026, 0, 1, 11, 30) },
    });
  });

  it("take an accessor as it was shown", () => {
    expect(parse({ accessor: ["hmac-sha256:602f90566a0f…", "Tdy0JY..."] })).toMatchObject({
      ok: true,
      filter: { accessors: ["hmac-sha256:602f90566a0f", "Tdy0JY"] },
    });
  });

  const wrong: readonly { name: string; flags: Partial<SearchFlags>; says: string }[] = [
    { name: "a time without its zone", flags: { from: "2026-01-01T10:00:00" }, says: "--from takes a time like" },
    {
      name: "words for a time",
      flags: { to: "yesterday" },
      says: '--to takes a time like 2026-01-31T03:02:00Z, or how long ago like 90m, not "yesterday"',
    },
    {
      name: "one input for two",
      flags: { file: ["-"], hashOf: "-", device: "file" },
      says: "only one of --file and --hash-of",
    },
    { name: "an accessor that is nearly all", flags: { accessor: ["hmac-sha256:6"] }, says: "at least 6 characters" },
    { name: "a value without a device", flags: { hashOf: "values" }, says: "--hash-of needs --device" },
    { name: "no number of tokens", flags: { mostTokens: "many" }, says: "--most-tokens takes a number" },
    {
      name: "a list of whoever touched a path",
      flags: { list: "all", path: "secret/" },
      says: "--list needs --accessor",
    },
    { name: "a list that leads elsewhere", flags: { list: "../x", displayName: ["x"] }, says: "--list takes a name" },
  ];
  it.each(wrong)("are refused with $name", ({ flags, says }) => {
    expect(parse(flags)).toMatchObject({ ok: false, why: expect.stringContaining(says) });
  });
});
