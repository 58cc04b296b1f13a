import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { zodValueType } from "../../src/expression/zod-types.ts";
import type { ValueType } from "../../src/expression/types.ts";

describe("zodValueType", () => {
  it.each<{ name: string; schema: z.ZodType; type: ValueType }>([
    { name: "text", schema: z.string().min(1), type: "string" },
    { name: "text of a form", schema: z.iso.datetime(), type: "string" },
    { name: "an enum", schema: z.enum(["a", "b"]), type: "string" },
    { name: "a literal", schema: z.literal(3), type: "int" },
    { name: "truth", schema: z.boolean(), type: "bool" },
    { name: "a whole number", schema: z.int().min(0), type: "int" },
    { name: "a whole number in the older spelling", schema: z.number().int(), type: "int" },
    { name: "a number", schema: z.number(), type: "double" },
    { name: "what may be missing", schema: z.int().nullable().optional(), type: "int" },
    { name: "what has a default", schema: z.string().default("x"), type: "string" },
    { name: "a list", schema: z.array(z.object({ id: z.string() })), type: { list: { object: { id: "string" } } } },
    { name: "a list with holes", schema: z.array(z.string().nullable()), type: { list: "any" } },
    { name: "a map", schema: z.record(z.string(), z.int()), type: { map: "int" } },
    {
      name: "an object",
      schema: z.object({ a: z.object({ b: z.boolean() }) }),
      type: { object: { a: { object: { b: "bool" } } } },
    },
    { name: "a choice of one type", schema: z.union([z.literal("a"), z.string()]), type: "string" },
    { name: "a choice of several", schema: z.union([z.string(), z.int()]), type: "any" },
    { name: "anything", schema: z.unknown(), type: "any" },
  ])("knows $name", ({ schema, type }) => {
    expect(zodValueType(schema)).toEqual(type);
  });
});
