import { describe, expect, it } from "@jest/globals";
import { exhaustive } from "../../src/lib/exhaustive.ts";

describe("exhaustive", () => {
  it("throws when foreign data brings a case that the types do not know", () => {
    expect(() => exhaustive("molten" as never)).toThrow(`unhandled case: "molten"`);
  });
});
