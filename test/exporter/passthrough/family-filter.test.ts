import { describe, expect, it } from "@jest/globals";
import { fitsAny } from "../../../src/exporter/passthrough/family-filter.ts";

describe("fitsAny", () => {
  it.each([
    { pattern: "vault_a", name: "vault_a", fits: true },
    { pattern: "vault_a", name: "vault_ab", fits: false },
    { pattern: "vault_*", name: "vault_", fits: true },
    { pattern: "*_count", name: "vault_token_count", fits: true },
    { pattern: "*_count", name: "vault_token_counts", fits: false },
    { pattern: "*_raft_*_count", name: "vault_raft_a_count", fits: true },
    { pattern: "*_raft_*_count", name: "vault_raft_count", fits: false },
    { pattern: "a*a", name: "a", fits: false },
    { pattern: "a*a", name: "aa", fits: true },
    { pattern: "*ab*ab", name: "xab", fits: false },
    { pattern: "*", name: "", fits: true },
    { pattern: "vault.a", name: "vault_a", fits: false },
  ])("says $fits for $pattern and $name", ({ pattern, name, fits }) => {
    expect(fitsAny([pattern])(name)).toBe(fits);
  });

  it("fits nothing without a pattern, and one of several is enough", () => {
    expect(fitsAny([])("vault_a")).toBe(false);
    expect(fitsAny(["b", "vault_*"])("vault_a")).toBe(true);
  });
});
