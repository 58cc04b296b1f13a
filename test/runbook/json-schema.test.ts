import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import { actions, checks } from "../../src/actions/registry.ts";
import { runbookJsonSchema } from "../../src/runbook/json-schema.ts";
import { STEP_KINDS } from "../../src/runbook/schema.ts";
import { declarations } from "./declarations.ts";
import { fixtures, readFixture } from "./fixtures.ts";

type Schema = {
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
};

const schema = runbookJsonSchema(declarations) as Schema;
const kinds = schema.$defs?.["step"]?.anyOf ?? [];
const kind = (name: string): Schema => kinds.find(({ title }) => title === name) ?? {};
const builtin = new URL("../../runbooks/", import.meta.url);

describe("runbookJsonSchema", () => {
  it("describes the file as people write it: unknown keys are mistakes, and defaults may be left out", () => {
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(["id", "title", "meaning", "impact", "verify", "escalate", "inputs", "steps"]);
  });

  it("has one form for each kind of step, told by its key", () => {
    expect(kinds.map(({ title }) => title)).toEqual([...STEP_KINDS]);
    for (const { title, required, additionalProperties } of kinds) {
      expect(required).toContain(title);
      expect(additionalProperties).toBe(false);
    }
  });

  it("names steps by reference, so that loops may hold every kind of them", () => {
    expect(schema.properties?.["steps"]?.items?.$ref).toBe("#/$defs/step");
    expect(kind("forEach").properties?.["steps"]?.items?.$ref).toBe("#/$defs/step");
  });

  it("writes times as text with a unit", () => {
    expect(kind("wait").properties?.["timeout"]).toMatchObject({
      type: "string",
      default: "10m",
      pattern: String.raw`^(?:\d+(?:ms|s|m|h|d))+$`,
    });
  });

  it("has one form for each type of input, told by its type", () => {
    const inputs = schema.properties?.["inputs"]?.additionalProperties as Schema;
    expect(inputs.oneOf?.map(({ properties }) => properties?.["type"])).toMatchObject(
      ["cluster", "node", "string", "enum", "int", "duration", "bool"].map((type) => ({ const: type })),
    );
  });

  it("offers the checks and actions that there are, and none when they are not known", () => {
    expect(kind("check").properties?.["check"]?.enum).toEqual([...declarations.checks.keys()].sort());
    expect(kind("wait").properties?.["wait"]?.enum).toEqual([...declarations.checks.keys()].sort());
    expect(kind("manual").properties?.["watch"]?.properties?.["check"]?.enum).toContain("vault.seal-status");
    expect(kind("do").properties?.["do"]?.enum).toEqual(["kubernetes.restart-pod", "vault.remove-peer"]);
    expect(JSON.stringify(runbookJsonSchema())).not.toContain('vault.seal-status"');
  });

  it("says of every field what it is for", () => {
    const silent = kinds.flatMap(({ title = "", properties = {} }) => undescribed(properties, title));
    expect([...silent, ...undescribed(schema.properties ?? {}, "")]).toEqual([]);
  });
});

describe("the published schema", () => {
  const whole = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);
  const read = z.fromJSONSchema(runbookJsonSchema({ checks, actions }));

  it.each(readdirSync(builtin).filter((file) => !file.endsWith(".test.yaml")))(
    "takes the builtin runbook %s",
    (file) => {
      const text = readFileSync(new URL(file, builtin), "utf8");
      expect(read.safeParse(parse(text)).error?.issues).toBeUndefined();
      expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=../docs/runbook.schema.json");
    },
  );

  it.each(fixtures.filter((name) => name.startsWith("valid-")))("takes %s", (name) => {
    expect(whole.safeParse(parse(readFixture(name))).error?.issues).toBeUndefined();
  });

  it.each([
    "invalid-unknown-key-top",
    "invalid-missing-title",
    "invalid-bad-id",
    "invalid-step-of-two-kinds",
    "invalid-key-of-another-kind",
    "invalid-unknown-check",
    "invalid-check-under-do",
    "invalid-bad-duration",
    "invalid-input-attribute",
    "invalid-bad-input-name",
    "invalid-ask-cluster",
    "invalid-cancel-action",
    "invalid-loop-unknown-key",
    "invalid-loop-unknown-check",
    "invalid-reviewed",
    "invalid-lock",
  ])("refuses %s", (name) => {
    expect(whole.safeParse(parse(readFixture(name))).success).toBe(false);
  });
});

/** Names the fields of an object, and of the objects in it, that nobody explains. The `type` of a value explains itself. */
function undescribed(properties: Readonly<Record<string, Schema>>, owner: string): readonly string[] {
  return Object.entries(properties).flatMap(([name, { description, properties: inner = {} }]) => [
    ...(description === undefined ? [`${owner}.${name}`] : []),
    ...undescribed(inner, `${owner}.${name}`),
  ]);
}
