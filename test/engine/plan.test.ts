import { describe, expect, it } from "@jest/globals";
import { planDifferences } from "../../src/engine/plan.ts";
import type { Plan, PreconditionValue } from "../../src/engine/run.ts";

const quorum: PreconditionValue = { name: "quorum", ok: true, value: { voters: 3, healthy: 2 }, text: "3 voters" };
const silent: PreconditionValue = { name: "silent", ok: true, value: true, text: "it is silent" };
const approved: Plan = {
  call: { name: "vault.raft-remove-peer", with: { node: "vault-2", force: false } },
  danger: "destructive",
  effect: "once",
  cluster: "prod",
  clusterId: "c-1",
  runbookDigest: "d-1",
  preconditions: [quorum, silent],
  explain: { call: "c", cost: "c", proof: "p" },
};

const cases: readonly { name: string; now: Partial<Plan>; differences: readonly string[] }[] = [
  { name: "nothing", now: {}, differences: [] },
  {
    name: "only the order of keys and of preconditions, and words that nobody judged by",
    now: {
      call: { name: "vault.raft-remove-peer", with: { force: false, node: "vault-2" } },
      preconditions: [silent, { ...quorum, value: { healthy: 2, voters: 3 }, text: "three voters" }],
      explain: { call: "other words", cost: "c", proof: "p" },
    },
    differences: [],
  },
  {
    name: "the target of the call",
    now: { call: { name: "vault.raft-remove-peer", with: { node: "vault-1", force: false } } },
    differences: ["the call is another"],
  },
  {
    name: "the action",
    now: { call: { name: "vault.step-down", with: { node: "vault-2", force: false } } },
    differences: ["the call is another"],
  },
  { name: "the danger", now: { danger: "disruptive" }, differences: ["the action was declared anew"] },
  { name: "the effect", now: { effect: "idempotent" }, differences: ["the action was declared anew"] },
  {
    name: "the identity of the cluster",
    now: { clusterId: "c-2" },
    differences: ["the cluster is another (c-1 before, c-2 now)"],
  },
  {
    name: "an identity that is not known any more",
    now: { clusterId: undefined },
    differences: ["the cluster is another (c-1 before, unknown now)"],
  },
  {
    name: "the configured cluster",
    now: { cluster: "stage" },
    differences: ["the cluster is another (c-1 before, c-1 now)"],
  },
  { name: "the runbook's text", now: { runbookDigest: "d-2" }, differences: ["the runbook's text is another"] },
  {
    name: "the value of a precondition",
    now: { preconditions: [{ ...quorum, value: { voters: 2, healthy: 2 }, text: "2 voters" }, silent] },
    differences: ["was: 3 voters; is now: 2 voters"],
  },
  {
    name: "a precondition that does not hold any more",
    now: { preconditions: [quorum, { ...silent, ok: false, text: "it was heard" }] },
    differences: ["was: it is silent; is now: it was heard"],
  },
  {
    name: "a precondition that came",
    now: { preconditions: [quorum, silent, { name: "lag", ok: true, value: 0, text: "no lag" }] },
    differences: ["new precondition: no lag"],
  },
  {
    name: "a precondition that went",
    now: { preconditions: [quorum] },
    differences: ["precondition gone: it is silent"],
  },
  {
    name: "several things at once, each of which is said",
    now: { runbookDigest: "d-2", clusterId: "c-2", preconditions: [quorum] },
    differences: [
      "the cluster is another (c-1 before, c-2 now)",
      "the runbook's text is another",
      "precondition gone: it is silent",
    ],
  },
];

describe("planDifferences", () => {
  it.each(cases)("when $name differs", ({ now, differences }) => {
    expect(planDifferences(approved, { ...approved, ...now })).toEqual(differences);
  });
});
