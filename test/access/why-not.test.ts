import { describe, expect, it } from "@jest/globals";
import type { Actor } from "../../src/access/person.ts";
import { whyNot, type Demand } from "../../src/access/why-not.ts";

const bob: Actor = { id: "bob", name: "bob", role: "responder", groups: [] };
const told: Actor = { ...bob, standing: { source: "access.people", untold: [] } };
const demand: Demand = { verb: "approve", role: "approver" };

const rows: readonly {
  readonly name: string;
  readonly by: Actor;
  readonly demand: Demand;
  readonly words: string | undefined;
}[] = [
  { name: "nothing when the role is enough", by: { ...bob, role: "admin" }, demand, words: undefined },
  { name: "nothing when nothing is wanted", by: bob, demand: { verb: "look" }, words: undefined },
  {
    name: "nothing when one of the groups is enough",
    by: { ...bob, groups: ["ops"] },
    demand: { verb: "approve", role: "responder", groups: ["dba", "ops"] },
    words: undefined,
  },
  {
    name: "the missing role, where nobody looked further",
    by: bob,
    demand,
    words: "bob may not approve; the role approver is needed",
  },
  {
    name: "the role that they have, and by what",
    by: told,
    demand,
    words: "bob may not approve; the role approver is needed; bob has the role responder (access.people)",
  },
  {
    name: "that they have none",
    by: { ...bob, role: undefined, standing: { source: undefined, untold: [] } },
    demand,
    words: "bob may not approve; the role approver is needed; bob has no role",
  },
  {
    name: "the missing group, and those that they are in",
    by: { ...told, role: "approver", groups: ["ops", "night"] },
    demand: { ...demand, groups: ["dba", "security"] },
    words:
      "bob may not approve; someone of dba or security is needed; bob has the role approver (access.people) and is of ops, night",
  },
  {
    name: "both that are missing",
    by: bob,
    demand: { ...demand, groups: ["dba"] },
    words: "bob may not approve; the role approver is needed; someone of dba is needed",
  },
  {
    name: "what could not be found out",
    by: { ...told, standing: { source: "access.people", untold: ["whether they are in group dba is not known"] } },
    demand,
    words:
      "bob may not approve; the role approver is needed; bob has the role responder (access.people); whether they are in group dba is not known",
  },
];

describe("whyNot", () => {
  it.each(rows)("says $name", ({ by, demand, words }) => {
    expect(whyNot(by, demand)).toBe(words);
  });
});
