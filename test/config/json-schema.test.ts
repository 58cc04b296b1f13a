import { describe, expect, it } from "@jest/globals";
import { configJsonSchema } from "../../src/config/json-schema.ts";

describe("configJsonSchema", () => {
  it("refuses unknown keys and demands only what has no default", () => {
    expect(configJsonSchema()).toMatchObject({ additionalProperties: false, required: ["clusters"] });
  });
});
