import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { nearest, suggestion } from "../../src/lib/nearest.ts";

const known = ["vault.seal-status", "vault.raft-peers", "vault.remove-raft-peer", "timeout"];

describe("nearest", () => {
  it.each([
    { name: "a letter too few", typed: "vault.seal-statu", meant: "vault.seal-status" },
    { name: "two letters swapped", typed: "timeuot", meant: "timeout" },
    { name: "capitals", typed: "TimeOut", meant: "timeout" },
    { name: "an underscore for a dash", typed: "vault.raft_peers", meant: "vault.raft-peers" },
    { name: "the name itself", typed: "vault.raft-peers", meant: "vault.raft-peers" },
  ])("finds what was meant despite $name", ({ typed, meant }) => {
    expect(nearest(typed, known)).toBe(meant);
  });

  it.each([
    { name: "a name like none of them", typed: "kubernetes.restart-pod", among: known },
    { name: "no known names", typed: "timeout", among: [] },
  ])("finds nothing for $name", ({ typed, among }) => {
    expect(nearest(typed, among)).toBeUndefined();
  });

  it("finds every known name by itself", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/u), { minLength: 1 }), (names) => {
        for (const name of names) expect(nearest(name, names)).toBe(name);
      }),
    );
  });
});

describe("suggestion", () => {
  it("names the one that was probably meant", () => {
    expect(suggestion("timeot", known)).toBe(`; did you mean "timeout"?`);
  });

  it("lists the known names, sorted, when none is near", () => {
    expect(suggestion("kubernetes.restart-pod", ["b", "a"])).toBe("; known: a, b");
  });

  it("says nothing when there are none", () => {
    expect(suggestion("timeout", [])).toBe("");
  });
});
