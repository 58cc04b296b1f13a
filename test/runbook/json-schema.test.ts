import { describe, expect, it } from "@jest/globals";
import { runbookJsonSchema } from "../../src/runbook/json-schema.ts";

describe("runbookJsonSchema", () => {
  it("describes the file as people write it: durations are text, defaults may be left out", () => {
    const schema = runbookJsonSchema() as {
      required: string[];
      additionalProperties: boolean;
      properties: { steps: { items: { anyOf: { required: string[]; properties: Record<string, unknown> }[] } } };
    };
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(["id", "title", "meaning", "impact", "verify", "escalate", "inputs", "steps"]);
    const kinds = schema.properties.steps.items.anyOf;
    expect(kinds.map(({ required }) => required)).toEqual([
      ["id", "check"],
      ["id", "wait", "until"],
      ["id", "do"],
      ["id", "manual"],
      ["id", "say"],
    ]);
    expect(kinds[1]?.properties["timeout"]).toEqual({ default: "10m", type: "string" });
  });
});
