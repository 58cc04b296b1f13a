import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { textSum } from "../../../src/sandbox/slack/check-blocks.ts";
import { checkMessage, checkView } from "../../../src/sandbox/slack/check-payload.ts";
import { BLOCKS, VIEWS } from "../../../src/slack/ids.ts";
import { field, modal, NO_MEMORY } from "../../../src/slack/modals/modal.ts";
import { clean } from "../../../src/slack/render/clean.ts";
import { buttons, context, header, section, type Block } from "../../../src/slack/render/content.ts";
import { cutMarkup } from "../../../src/slack/render/cut.ts";
import { cut, fitHome, fitMessage, fitView, OURS } from "../../../src/slack/render/limits.ts";

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
  text.map((label) =>
    buttons({ action: "a", text: label, value: "R1:s", confirm: { title: label, text: label, yes: label } }),
  ),
  text.map((words): Block => ({ type: "image", alt_text: words, slack_file: { id: "F0123CHART" } })),
  text.map((words): Block => ({ type: "section", fields: [{ type: "mrkdwn", text: words }] })),
  text.map((words): Block => ({ type: "markdown", text: words })),
  text.map((words): Block => richText(words)),
  fc
    .array(text, { minLength: 1, maxLength: 120 })
    .map((cells): Block => ({ type: "table", rows: cells.map((cell) => [{ type: "raw_text", text: cell }]) })),
  fc.array(text, { maxLength: 60 }).map((titles): Block => ({
    type: "plan",
    title: titles[0] ?? "",
    tasks: titles.map((title, index) => ({
      type: "task_card",
      task_id: String(index),
      title,
      status: "pending",
      output: richText(title),
    })),
  })),
  fc.array(text, { maxLength: 120 }).map((options): Block => ({ type: "actions", elements: [select(options)] })),
);

function richText(words: string): Extract<Block, { type: "rich_text" }> {
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: words }] }] };
}

function select(words: readonly string[]): Extract<ActionsElement, { type: "static_select" }> {
  const options = words.map((word) => ({ text: { type: "plain_text" as const, text: word }, value: word }));
  const [first] = options;
  return {
    type: "static_select",
    action_id: "b",
    placeholder: { type: "plain_text", text: words[0] ?? "" },
    options,
    ...(first === undefined ? {} : { initial_option: first }),
  };
}

type ActionsElement = Extract<Block, { type: "actions" }>["elements"][number];

/** A block as it is sent: its mrkdwn is verbatim. */
function verbatim(held: Block): Block {
  return JSON.parse(JSON.stringify(held), (_key, value: unknown) =>
    typeof value === "object" && value !== null && "type" in value && value.type === "mrkdwn"
      ? { ...value, verbatim: true }
      : value,
  ) as Block;
}

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

  it("keeps every button of many, with all that it asks before it sends the click", () => {
    const confirm = { title: "Sure?", text: "y".repeat(300), yes: "Yes" };
    const rows = Array.from({ length: 12 }, (_, index) =>
      buttons(
        { action: "gate.approve", text: "Approve ".repeat(9), value: `R1:g${index}`, confirm },
        { action: "b", text: "B", value: "v" },
      ),
    );
    const fitted = fitMessage({
      text: "t",
      blocks: [...Array.from({ length: 9 }, () => section("x".repeat(5000))), ...rows],
    });
    expect(fitted.blocks.filter(({ type }) => type === "actions")).toEqual(rows);
    expect(checkMessage(fitted, "post")).toBeUndefined();
  });

  it("keeps the first choice of a list as one of its options, however they are cut", () => {
    const options = ["long ".repeat(40), "b"].map((word, index) => ({
      text: { type: "plain_text" as const, text: word },
      value: String(index),
    }));
    const list = { ...select(["a"]), options, initial_option: options[0] } as ReturnType<typeof select>;
    const fitted = fitMessage({ text: "t", blocks: [{ type: "actions", elements: [list] }] });
    expect(checkMessage(fitted, "post")).toBeUndefined();
    expect(JSON.stringify(fitted.blocks)).toContain("initial_option");
  });

  it("keeps as many fields of a paragraph as slack takes", () => {
    const fields = Array.from({ length: 12 }, () => ({ type: "mrkdwn" as const, text: "x".repeat(2500) }));
    expect(checkMessage(fitMessage({ text: "t", blocks: [{ type: "section", fields }] }), "post")).toBeUndefined();
  });

  it("leaves alone what fits", () => {
    const content = {
      text: "t",
      blocks: [header("h"), section("s"), context("c"), buttons({ action: "a", text: "b", value: "v" })],
    };
    expect(fitMessage(content)).toEqual({ text: "t", blocks: content.blocks.map(verbatim) });
  });

  it("makes mrkdwn verbatim: Slack makes no links of bare addresses and names", () => {
    expect(fitMessage({ text: "t", blocks: [section("see https://evil.example, @here")] }).blocks).toEqual([
      { type: "section", text: { type: "mrkdwn", text: "see https://evil.example, @here", verbatim: true } },
    ]);
  });

  it("keeps one table, and no task beside a plan", () => {
    const row = [{ type: "raw_text" as const, text: "a" }];
    const blocks: Block[] = [
      { type: "table", rows: [row] },
      { type: "plan", title: "Steps", tasks: [] },
      { type: "task_card", task_id: "a", title: "a", status: "pending" },
      { type: "table", rows: [row] },
    ];
    expect(fitMessage({ text: "t", blocks }).blocks.map(({ type }) => type)).toEqual(["table", "plan"]);
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

describe("making a view fit", () => {
  const input = field(BLOCKS.reason, "Why?");
  const home = (blocks: readonly Block[]): Parameters<typeof fitHome>[0] => ({ type: "home", blocks: [...blocks] });

  it("gives a Home that slack takes, whatever it is made from", () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 150 }), (blocks) => {
        const onHome = blocks.filter(({ type }) => !["plan", "markdown", "table"].includes(type));
        const fitted = fitHome(clean(home(onHome)));
        expect(checkView(fitted)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it("says that there is nothing rather than be refused", () => {
    expect(checkView(fitHome(home([])))).toBeUndefined();
  });

  it("keeps every field of a form, however much is said in front of them", () => {
    const view = modal(VIEWS.skip, { title: "Skip", submit: "Skip" }, { ...NO_MEMORY, channel: "C1" }, [
      ...Array.from({ length: 150 }, () => section("漢".repeat(3000))),
      input,
    ]);
    const fitted = fitView(view);
    expect(checkView(fitted)).toBeUndefined();
    expect(fitted.blocks.at(-1)).toMatchObject({ type: "input", block_id: BLOCKS.reason });
  });

  it("asks for what would be an empty list with a field", () => {
    const blank: Block = {
      type: "input",
      block_id: BLOCKS.answer,
      label: { type: "plain_text", text: "Your answer" },
      element: select(["", " ", "x".repeat(200)]),
    };
    const view = modal(VIEWS.answer, { title: "Answer", submit: "Answer" }, { ...NO_MEMORY, channel: "C1" }, [blank]);
    expect(fitView(view).blocks).toMatchObject([{ element: { type: "plain_text_input", action_id: "b" } }]);
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

describe("cutting mrkdwn", () => {
  it.each([
    { name: "not through a mention", whole: "hello <@U0BOB> there", max: 12, kept: "hello …" },
    { name: "not through a link", whole: "see <https://a.example/|page> there", max: 20, kept: "see …" },
    { name: "not through an escaped character", whole: "a &amp; b and more", max: 7, kept: "a …" },
    { name: "after whole markup", whole: "hi <@U0BOB> and more", max: 15, kept: "hi <@U0BOB> an…" },
  ])("$name", ({ whole, max, kept }) => {
    expect(cutMarkup(whole, max)).toBe(kept);
  });
});

describe("cleaning a payload", () => {
  it("takes secrets out of every string, however deep, without making markup", () => {
    const token = `hvs.${"a".repeat(24)}`;
    expect(clean({ a: [{ b: `x ${token}` }], n: 1 })).toEqual({ a: [{ b: "x [redacted Vault token]" }], n: 1 });
  });
});
