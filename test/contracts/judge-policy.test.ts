import { describe, expect, it } from "@jest/globals";
import { judgePolicy } from "./judge-policy.ts";

const READ = ["read"] as const;

describe("judgePolicy", () => {
  it("finds nothing wrong with a policy that permits each call, and nothing else", () => {
    const declared = [
      { path: "sys/leases/lookup/*", capabilities: ["list", "sudo"] },
      { path: "sys/metrics", capabilities: READ },
    ] as const;
    const needed = [
      { path: "sys/leases/lookup/auth/token/", capabilities: ["list", "sudo"] },
      { path: "sys/metrics", capabilities: READ },
    ] as const;
    expect(judgePolicy(declared, needed)).toEqual({ uncovered: [], unused: [] });
  });

  it("finds a call on a path that no rule covers, and one whose rule lacks a capability", () => {
    const needed = [
      { path: "sys/audit", capabilities: ["read", "sudo"] },
      { path: "sys/mounts", capabilities: READ },
    ] as const;
    expect(judgePolicy([{ path: "sys/audit", capabilities: READ }], needed).uncovered).toEqual(needed);
  });

  it("lets the most specific rule decide alone, as Vault does", () => {
    const declared = [
      { path: "sys/*", capabilities: ["read", "sudo"] },
      { path: "sys/audit", capabilities: READ },
    ] as const;
    const needed = [{ path: "sys/audit", capabilities: ["read", "sudo"] }] as const;
    expect(judgePolicy(declared, needed).uncovered).toEqual(needed);
  });

  it("finds a rule that no call needs, and a capability too much", () => {
    const declared = [
      { path: "sys/audit", capabilities: ["read", "sudo"] },
      { path: "sys/mounts", capabilities: READ },
    ] as const;
    expect(judgePolicy(declared, [{ path: "sys/audit", capabilities: READ }]).unused).toEqual([
      { path: "sys/audit", capabilities: ["sudo"] },
      { path: "sys/mounts", capabilities: READ },
    ]);
  });
});
