import { describe, expect, it } from "@jest/globals";
import { AUTH_FAMILIES, authFamilies } from "../../src/exporter/auth-families.ts";
import { fakeCluster } from "./fake-cluster.ts";

describe("the families of logging in", () => {
  it("count what a cluster's token took", () => {
    const stats = { logins: 1, loginFailures: 2, renewals: 3, renewalFailures: 4 };
    const cluster = { ...fakeCluster({ nodes: [] }), authStats: () => stats };
    const labels = { vault_cluster: "prod" };

    expect(authFamilies([cluster]).map(({ name, samples }) => [name, samples])).toEqual([
      ["sealwatch_auth_logins_total", [{ labels, value: 1 }]],
      ["sealwatch_auth_login_failures_total", [{ labels, value: 2 }]],
      ["sealwatch_auth_renewals_total", [{ labels, value: 3 }]],
      ["sealwatch_auth_renewal_failures_total", [{ labels, value: 4 }]],
    ]);
  });

  it("have no samples for a cluster that is given its token", () => {
    const families = authFamilies([fakeCluster({ nodes: [] })]);

    expect(families.map(({ name }) => name)).toEqual(AUTH_FAMILIES.map(({ name }) => name));
    expect(families.flatMap(({ samples }) => samples)).toEqual([]);
  });
});
