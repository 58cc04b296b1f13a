import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { sarifLog } from "../../src/cli/sarif.ts";

/** The part of the published schema of SARIF 2.1.0 that we write, with its own constraints and nothing else allowed. */
const Message = z.strictObject({ text: z.string().min(1) });
const Result = z.strictObject({
  ruleId: z.string(),
  ruleIndex: z.int().min(-1),
  level: z.enum(["none", "note", "warning", "error"]),
  message: Message,
  locations: z.array(
    z.strictObject({
      physicalLocation: z.strictObject({
        artifactLocation: z.strictObject({ uri: z.string().regex(/^[\w./:%~!$&'()*+,;=@-]+$/u, "a URI reference") }),
        region: z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1) }),
      }),
    }),
  ),
});
const Sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z.array(
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          version: z.string(),
          rules: z
            .array(z.strictObject({ id: z.string(), shortDescription: Message.optional() }))
            .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, "ids are unique"),
        }),
      }),
      columnKind: z.enum(["utf16CodeUnits", "unicodeCodePoints"]),
      results: z.array(Result),
    }),
  ),
});

const tool = { version: "1.2.3", rules: [{ name: "weak-gate", summary: "A gate asks for too little." }] };
const finding = { file: "runbooks/a.yaml", line: 3, column: 7, rule: "weak-gate", message: "it asks for too little" };

describe("sarifLog", () => {
  it("is SARIF 2.1.0, with a result for every finding and a rule for every result", () => {
    const findings = [finding, { ...finding, rule: "yaml-syntax" }, { ...finding, rule: "yaml-syntax", line: 9 }];
    const { runs } = Sarif.parse(JSON.parse(sarifLog(findings, tool)));
    const [run] = runs;
    expect(run?.results.map(({ ruleId }) => ruleId)).toEqual(["weak-gate", "yaml-syntax", "yaml-syntax"]);
    expect(run?.results.map(({ ruleIndex }) => run.tool.driver.rules[ruleIndex]?.id)).toEqual(
      run?.results.map(({ ruleId }) => ruleId),
    );
    expect(run?.results[0]?.locations[0]?.physicalLocation.region).toEqual({ startLine: 3, startColumn: 7 });
  });

  it("says what each rule is about, and lists those that found nothing", () => {
    const { runs } = Sarif.parse(JSON.parse(sarifLog([], tool)));
    expect(runs[0]?.tool.driver.rules).toEqual([
      { id: "weak-gate", shortDescription: { text: "A gate asks for too little." } },
    ]);
    expect(runs[0]?.results).toEqual([]);
  });

  it.each([
    { name: "a blank and a hash", file: "my runbooks/a#1.yaml", uri: "my%20runbooks/a%231.yaml" },
    { name: "a percent sign", file: "100%.yaml", uri: "100%25.yaml" },
    { name: "a whole path", file: "/srv/run books/a.yaml", uri: "file:///srv/run%20books/a.yaml" },
  ])("writes a file's name with $name as a URI", ({ file, uri }) => {
    const { runs } = Sarif.parse(JSON.parse(sarifLog([{ ...finding, file }], tool)));
    expect(runs[0]?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(uri);
  });
});
