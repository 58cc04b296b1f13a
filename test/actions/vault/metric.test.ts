import { describe, expect, it } from "@jest/globals";
import { metric } from "../../../src/actions/vault/metric.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";
import { contextWithActive, streamOf } from "../with-active.ts";

const PAGE = `vault_token_count_by_policy{policy="default"} 3
vault_token_count_by_policy{policy="root"} 1
vault_core_handle_request{quantile="0.99"} NaN
vault_core_handle_request{quantile="0.5"} +Inf
vault_below_zero -4
`;

describe("one metric of the active node", () => {
  it.each([
    {
      name: "tells sum and greatest of several samples, and no single value",
      input: { name: "vault_token_count_by_policy" },
      gives: { found: true, value: 0, samples: 2, not_numbers: 0, sum: 4, max: 3 },
    },
    {
      name: "tells the value of the one that the labels select",
      input: { name: "vault_token_count_by_policy", labels: 'policy="root"' },
      gives: { found: true, value: 1, samples: 1, not_numbers: 0, sum: 1, max: 1 },
    },
    {
      name: "takes NaN and infinity for no numbers",
      input: { name: "vault_core_handle_request" },
      gives: { found: false, value: 0, samples: 0, not_numbers: 2, sum: 0, max: 0 },
    },
    {
      name: "tells what is below zero",
      input: { name: "vault_below_zero" },
      gives: { found: true, value: -4, samples: 1, not_numbers: 0, sum: -4, max: -4 },
    },
    {
      name: "does not find what is not there",
      input: { name: "vault_token_count" },
      gives: { found: false, value: 0, samples: 0, not_numbers: 0, sum: 0, max: 0 },
    },
  ])("$name", async ({ input, gives }) => {
    const context = contextWithActive({ stream: async () => await streamOf(PAGE) });
    expect(await metric.read(context, input)).toEqual(gives);
  });

  it.each([
    { name: "vault core active" },
    { name: "vault_core_active{}" },
    { name: "vault_core_active", labels: "cluster=prod" },
  ])("refuses $name $labels before anybody is asked", async (input) => {
    const fake = createFakeCluster(["active"]);
    expect(await settle(metric.read(contextOf(fake), input))).toMatchObject({ reason: "refused" });
    expect(fake.calls).toEqual([]);
  });
});
