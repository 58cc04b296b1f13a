import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Capability, mergePolicy, renderPolicy, renderPolicyRule } from "../../src/lib/vault-policy.ts";

const capabilities: readonly Capability[] = ["create", "read", "update", "delete", "list", "sudo", "patch"];
const rules = fc.array(
  fc.record({
    path: fc.constantFrom("sys/audit", "sys/metrics", "sys/leases/count", "auth/+/login"),
    capabilities: fc.subarray([...capabilities], { minLength: 1 }),
  }),
);

describe("mergePolicy", () => {
  it("joins what several ask for one path, in Vault's order, with the paths sorted", () => {
    const merged = mergePolicy([
      { path: "sys/step-down", capabilities: ["sudo", "update"] },
      { path: "sys/audit", capabilities: ["read"] },
      { path: "sys/audit", capabilities: ["sudo", "read"] },
    ]);

    expect(merged).toEqual([
      { path: "sys/audit", capabilities: ["read", "sudo"] },
      { path: "sys/step-down", capabilities: ["update", "sudo"] },
    ]);
  });

  it("grants exactly what was asked for, once a path, in whatever order it was asked", () => {
    const grants = (list: ReturnType<typeof mergePolicy>) =>
      list.flatMap(({ path, capabilities: held }) => held.map((capability) => `${path} ${capability}`));

    fc.assert(
      fc.property(rules, (asked) => {
        const merged = mergePolicy(asked);

        expect(new Set(grants(merged))).toEqual(new Set(grants(asked)));
        expect(new Set(merged.map(({ path }) => path)).size).toBe(merged.length);
        expect(mergePolicy([...asked].reverse())).toEqual(merged);
        expect(mergePolicy(merged)).toEqual(merged);
      }),
    );
  });
});

describe("renderPolicy", () => {
  it("writes one stanza a line", () => {
    const policy = renderPolicy([
      { path: "sys/metrics", capabilities: ["read"] },
      { path: "sys/step-down", capabilities: ["update", "sudo"] },
    ]);

    expect(policy).toBe(
      `path "sys/metrics" { capabilities = ["read"] }\npath "sys/step-down" { capabilities = ["update", "sudo"] }\n`,
    );
  });

  it("writes nothing for no rules", () => {
    expect(renderPolicy([])).toBe("");
  });

  it("quotes a path that has quotes in it", () => {
    expect(renderPolicyRule({ path: 'a"b', capabilities: ["read"] })).toBe(
      String.raw`path "a\"b" { capabilities = ["read"] }`,
    );
  });
});
