import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { defineCheck, type Check, type Values } from "../../src/actions/action.ts";
import { contextOf, settle } from "../contracts/action.contract.ts";
import { createFakeCluster } from "./fake-cluster.ts";

describe("defineCheck", () => {
  const context = contextOf(createFakeCluster(["active"]));

  it("lets only declared outputs out", async () => {
    const answer = { count: 1, token: "not declared" };
    expect(await countCheck(answer).read(context, {})).toEqual({ count: 1 });
  });

  it("fails with invalid-answer, and without the value, when an output is not what was declared", async () => {
    const answer = { count: "a text that nobody expected" };
    const error = await settle(countCheck(answer).read(context, {}));
    expect(error).toMatchObject({ reason: "invalid-answer", message: expect.stringContaining('"count"') });
    expect(String(error)).not.toContain("nobody expected");
  });

  it("names the input that is wrong", async () => {
    const error = await settle(countCheck({ count: 1 }).read(context, { nodes: "vault-0" }));
    expect(error).toMatchObject({ reason: "refused", message: expect.stringContaining("nodes") });
  });
});

function countCheck(answer: Values): Check {
  return defineCheck({
    name: "vault.count",
    summary: "Count",
    input: z.strictObject({}),
    output: z.object({ count: z.int() }),
    policy: [],
    read: async () => await Promise.resolve(answer as { count: number }),
  });
}
