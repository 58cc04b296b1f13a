import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { covers, ROLES, strongest } from "../../src/access/person.ts";

describe("covers", () => {
  it.each(ROLES.map((held, rank) => ({ held, covered: ROLES.slice(0, rank + 1) })))(
    "lets $held do what $covered may, and nothing more",
    ({ held, covered }) => {
      expect(ROLES.filter((demanded) => covers(held, demanded))).toEqual(covered);
    },
  );

  it("lets nobody without a role do anything", () => {
    expect(ROLES.filter((demanded) => covers(undefined, demanded))).toEqual([]);
  });
});

describe("strongest", () => {
  it("is none of none", () => {
    expect(strongest([])).toBeUndefined();
    expect(strongest([undefined, undefined])).toBeUndefined();
  });

  it("is one of the roles, and covers all the others, whatever their order", () => {
    const role = fc.constantFrom(...ROLES, undefined);
    fc.assert(
      fc.property(fc.array(role, { minLength: 1 }), (roles) => {
        const best = strongest(roles);
        expect(roles).toContain(best);
        for (const other of roles) expect(other === undefined || covers(best, other)).toBe(true);
      }),
    );
  });
});
