import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { canonicalJson, type Json } from "../../src/lib/json.ts";

const anyJson = fc.jsonValue() as fc.Arbitrary<Json>;

/** The same value with the keys of every object put in the other order. */
function reversed(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, held]) => [key, reversed(held)] as const)
      .reverse(),
  );
}

describe("canonicalJson", () => {
  it("sorts keys at every depth and leaves lists as they are", () => {
    expect(canonicalJson({ b: [2, 1], a: { d: null, c: "x" } })).toBe(`{"a":{"c":"x","d":null},"b":[2,1]}`);
  });

  it("leaves out a key without a value, as JSON does", () => {
    const phrase: string | undefined = undefined;

    expect(canonicalJson({ id: "G1", phrase } as unknown as Json)).toBe(`{"id":"G1"}`);
  });

  it("is read back as what was written", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("is one text for equal values, in whatever order their keys were set", () => {
    fc.assert(fc.property(anyJson, (value) => canonicalJson(reversed(value)) === canonicalJson(value)));
  });

  it("is two texts for two values", () => {
    fc.assert(
      fc.property(anyJson, anyJson, (left, right) => {
        const same =
          JSON.stringify(JSON.parse(canonicalJson(left))) === JSON.stringify(JSON.parse(canonicalJson(right)));

        expect(canonicalJson(left) === canonicalJson(right)).toBe(same);
      }),
    );
  });
});
