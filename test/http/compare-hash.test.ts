import { describe, expect, it } from "@jest/globals";
import { createCompareHash } from "../../src/http/compare-hash.ts";
import { HASH, PASSWORD } from "../config/web-files.ts";

describe("createCompareHash", () => {
  it("compares in a thread of its own: meanwhile this one goes on", async () => {
    const compare = createCompareHash();
    let turns = 0;
    let comparing = true;
    const turn = (): void => {
      turns += 1;
      if (comparing) setImmediate(turn);
    };
    turn();

    // Of cost 14, more than a second's work.
    const matches = await compare(PASSWORD, HASH.replace(/^(?<kind>\$2.\$)\d\d/u, "$<kind>14"));
    comparing = false;

    expect(matches).toBe(false);
    expect(turns).toBeGreaterThan(1000);
  });

  it("tells right from wrong, one after the other", async () => {
    const compare = createCompareHash();

    expect([await compare(PASSWORD, HASH), await compare("other", HASH), await compare(PASSWORD, HASH)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("finds that nothing fits what is no hash", async () => {
    expect(await createCompareHash()(PASSWORD, "no hash")).toBe(false);
  });
});
