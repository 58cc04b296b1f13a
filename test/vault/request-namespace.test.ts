import { describe, expect, it } from "@jest/globals";
import { Secret } from "../../src/lib/secret.ts";
import { isRootOnly, requestNamespace } from "../../src/vault/request-namespace.ts";

describe("isRootOnly", () => {
  it.each([
    "sys/health",
    "sys/seal-status",
    "sys/metrics",
    "sys/storage/raft/autopilot/state",
    "sys/rotate/config",
    "sys/quotas/rate-limit",
    "sys/config/state/sanitized",
    "sys/audit",
    "sys/key-status",
    "sys/step-down",
    "sys/replication/dr/status",
  ])("is true of %s", (path) => {
    expect(isRootOnly(path)).toBe(true);
  });

  it.each([
    "sys/mounts",
    "sys/auth",
    "sys/leases/count",
    "sys/leases/lookup/auth/approle/login",
    "sys/capabilities-self",
    "sys/internal/ui/mounts",
    "auth/token/lookup-self",
    "auth/metrics/login",
    "metrics",
    "sys/health-not",
  ])("is false of %s", (path) => {
    expect(isRootOnly(path)).toBe(false);
  });
});

describe("requestNamespace", () => {
  it.each([
    {
      name: "the cluster's where a token is needed",
      path: "sys/mounts",
      token: "read",
      ofCluster: "team",
      sent: "team",
    },
    {
      name: "the cluster's for an action",
      path: "sys/leases/revoke",
      token: "operate",
      ofCluster: "team",
      sent: "team",
    },
    { name: "without slashes around it", path: "sys/mounts", token: "read", ofCluster: "/team/a/", sent: "team/a" },
    { name: "none when none is configured", path: "sys/mounts", token: "read", ofCluster: undefined, sent: undefined },
    { name: "none for a call without a token", path: "sys/mounts", token: "none", ofCluster: "team", sent: undefined },
    { name: "none on a root-only path", path: "sys/metrics", token: "read", ofCluster: "team", sent: undefined },
    { name: "none for the root namespace", path: "sys/mounts", token: "read", ofCluster: "root", sent: undefined },
    { name: "none for a slash alone", path: "sys/mounts", token: "read", ofCluster: "/", sent: undefined },
  ] as const)("is $name", ({ path, token, ofCluster, sent }) => {
    expect(requestNamespace({ path, token }, ofCluster)).toBe(sent);
  });

  it("is the request's own before the cluster's, with and without a token", () => {
    const namespace = "logins";
    expect(requestNamespace({ path: "auth/jwt/login", token: "none", namespace }, "team")).toBe("logins");
    expect(requestNamespace({ path: "auth/token/renew-self", token: new Secret("t"), namespace }, "team")).toBe(
      "logins",
    );
    expect(requestNamespace({ path: "sys/mounts", token: "read", namespace: "root" }, "team")).toBeUndefined();
  });
});
