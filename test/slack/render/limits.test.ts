import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { textSum } from "../../../src/sandbox/slack/check-blocks.ts";
import { checkMessage, checkView } from "../../../src/sandbox/slack/check-payload.ts";
import { BLOCKS, VIEWS } from "../../../src/slack/ids.ts";
import { field, modal, NO_MEMORY } from "../../../src/slack/modals/modal.ts";
import { clean } from "../../../src/slack/render/clean.ts";
import { buttons, context, header, section, type Block } from "../../../src/slack/render/content.ts";
import { cut, fitMessage, fitView, OURS } from "../../../src/slack/render/limits.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 50 }),
  fc.string({
    unit: fc.constantFrom("```", "\n", "<", "&", "漢", "👩‍🚒", "a", '"', "\\", "\u0001", "\uD800"),
    maxLength: 4000,
  }),
  fc.constantFrom("", " ", "\n\n", "x".repeat(9000)),
);
const block: fc.Arbitrary<Block> = fc.oneof(
  text.map(section),
  text.map(header),
  fc.array(text, { maxLength: 20 }).map((parts) => context(...parts)),
  text.map((label) => buttons({ action: "a", text: label, value: "R1:s" })),
);

describe("making a message fit", () => {
  it("gives something that slack takes, whatever it is made from", () => {
    fc.assert(
      fc.property(text, fc.array(block, { maxLength: 80 }), (fallback, blocks) => {
        const fitted = fitMessage(clean({ text: fallback, blocks }));
        expect(checkMessage(fitted, "post")).toBeUndefined();
        expect(checkMessage(fitted, "update")).toBeUndefined();
        expect(JSON.stringify(fitted.blocks).length).toBeLessThanOrEqual(OURS.json);
        expect(() => encodeURIComponent(fitted.text + JSON.stringify(fitted.blocks))).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });

  it("keeps every button, however much text there is", () => {
    const row = buttons({ action: "gate.approve", text: "Approve", value: "R1:g" });
    const fitted = fitMessage({
      text: "t",
      blocks: [...Array.from({ length: 90 }, () => section("x".repeat(5000))), row],
    });
    expect(fitted.blocks.at(-1)).toEqual(row);
  });

  it.each([
    { name: "long text", part: "x".repeat(2000) },
    { name: "text that JSON makes longer", part: '"\\'.repeat(1000) },
    { name: "text of large characters", part: "漢".repeat(2000) },
  ])("keeps the sum of all blocks below what slack takes: $name", ({ part }) => {
    const fitted = fitMessage({ text: "t", blocks: Array.from({ length: 20 }, () => section(part)) });
    expect(fitted.blocks).toHaveLength(20);
    expect(textSum(fitted.blocks)).toBeLessThanOrEqual(10_000);
    expect(JSON.stringify(fitted.blocks).length).toBeLessThanOrEqual(14_000);
  });

  it("leaves alone what fits", () => {
    const content = {
      text: "t",
      blocks: [header("h"), section("s"), context("c"), buttons({ action: "a", text: "b", value: "v" })],
    };
    expect(fitMessage(content)).toEqual(content);
  });

  it("cuts a view's title and nothing that people must read whole", () => {
    const view = modal(VIEWS.skip, { title: "x".repeat(40), submit: "Skip" }, { ...NO_MEMORY, channel: "C1" }, [
      section("s".repeat(9000)),
      field(BLOCKS.reason, "Why?"),
    ]);
    expect(checkView(fitView(view))).toBeUndefined();
    expect(checkView(view)).toBeDefined();
  });
});

describe("cutting a text", () => {
  it.each([
    { name: "leaves a short one", whole: "abc", max: 3, kept: "abc" },
    { name: "marks the cut", whole: "abcdef", max: 4, kept: "abc…" },
    { name: "does not cut through a character", whole: "ab👩cd", max: 4, kept: "ab…" },
    { name: "closes an open block of code", whole: "```\nabcdefghijkl", max: 12, kept: "```\nabc…\n```" },
  ])("$name", ({ whole, max, kept }) => {
    expect(cut(whole, max)).toBe(kept);
  });
});

describe("cleaning a payload", () => {
  it("takes secrets out of every string, however deep, without making markup", () => {
    const token = `hvs.${"a".repeat(24)}`;
    expect(clean({ a: [{ b: `x ${token}` }], n: 1 })).toEqual({ a: [{ b: "x [redacted Vault token]" }], n: 1 });
  });
});
