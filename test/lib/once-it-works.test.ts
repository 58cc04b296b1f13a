import { describe, expect, it } from "@jest/globals";
import { onceItWorks } from "../../src/lib/once-it-works.ts";

describe("onceItWorks", () => {
  it("asks once, also for many at once, and keeps the answer", async () => {
    let asked = 0;
    const ask = onceItWorks(async () => await Promise.resolve((asked += 1)));
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    expect(await ask()).toBe(1);
  });

  it("asks again after a failure, and tells it to everybody who waited", async () => {
    let asked = 0;
    const ask = onceItWorks(async () => {
      asked += 1;
      if (asked === 1) throw new Error("not yet");
      return await Promise.resolve(asked);
    });
    const both = await Promise.allSettled([ask(), ask()]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(asked).toBe(1);
    expect(await ask()).toBe(2);
    expect(await ask()).toBe(2);
  });
});
