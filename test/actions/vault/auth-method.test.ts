import { describe, expect, it } from "@jest/globals";
import { authMethod } from "../../../src/actions/vault/auth-method.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";
import { contextWithActive } from "../with-active.ts";

describe("vault.auth-method", () => {
  const methods = {
    read: async <T>({ answer }: { readonly answer: { readonly parse: (body: unknown) => T } }) =>
      await Promise.resolve(
        answer.parse({ data: { "userpass/": { accessor: "a" }, "token/": {}, "oidc/staff/": { accessor: "b" } } }),
      ),
  };

  it.each([
    { path: "userpass", exists: true },
    { path: "oidc/staff/", exists: true },
    { path: "oidc", exists: false },
    { path: "userpas", exists: false },
  ])("tells that $path is there: $exists", async ({ path, exists }) => {
    const answer = await authMethod.read(contextWithActive(methods), { path });
    expect(answer).toEqual({ exists, methods: 3, paths: ["oidc/staff/", "token/", "userpass/"] });
  });

  it.each(["auth/userpass", "/userpass", "", "user pass"])("does not ask for %p", async (path) => {
    const fake = createFakeCluster(["active"]);
    expect(await settle(authMethod.read(contextOf(fake), { path }))).toMatchObject({ reason: "refused" });
    expect(fake.calls).toEqual([]);
  });
});
