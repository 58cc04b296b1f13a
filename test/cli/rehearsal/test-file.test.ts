import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import { runbookTestJsonSchema } from "../../../src/cli/rehearsal/test-file.ts";
import { handOverText } from "./hand-over.ts";

const schema = z.fromJSONSchema(runbookTestJsonSchema());

describe("runbookTestJsonSchema", () => {
  it("takes what the program takes", async () => {
    expect(schema.safeParse(parse(await handOverText())).error?.issues).toBeUndefined();
  });

  it.each(["{}", "{ runbook: x, tests: [] }", "{ runbook: x, tests: [{ name: x, expect: {} }] }"])(
    "refuses %s",
    (text) => {
      expect(schema.safeParse(parse(text)).success).toBe(false);
    },
  );
});
