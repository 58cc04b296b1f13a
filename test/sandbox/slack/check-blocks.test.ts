import { describe, expect, it } from "@jest/globals";
import { checkBlocks, textSum } from "../../../src/sandbox/slack/check-blocks.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const button = (change: Readonly<Record<string, unknown>> = {}) => ({
  type: "button",
  action_id: "a",
  text: plain("Go"),
  ...change,
});
const actions = (...elements: readonly unknown[]) => ({ type: "actions", elements });
const select = (options: readonly unknown[], change: Readonly<Record<string, unknown>> = {}) =>
  actions({ type: "static_select", action_id: "a", options, ...change });
const option = (value: string) => ({ text: plain(value), value });

describe("what slack refuses in blocks", () => {
  it.each([
    { name: "a block of another kind", block: { type: "hologram" }, says: "/blocks/0/type" },
    { name: "a blank section", block: { type: "section", text: mrkdwn(" \n") }, says: "/blocks/0/text/text" },
    { name: "a section with nothing", block: { type: "section" }, says: "needs text or fields" },
    {
      name: "a field of 2,001 characters",
      block: { type: "section", fields: [mrkdwn("x".repeat(2001))] },
      says: "/blocks/0/fields/0",
    },
    { name: "a header in mrkdwn", block: { type: "header", text: mrkdwn("x") }, says: "must be plain_text" },
    {
      name: "a header of 151 characters",
      block: { type: "header", text: plain("x".repeat(151)) },
      says: "less than 151",
    },
    { name: "an empty context", block: { type: "context", elements: [] }, says: "1 to 10" },
    {
      name: "11 parts of context",
      block: { type: "context", elements: Array.from({ length: 11 }, () => mrkdwn("x")) },
      says: "1 to 10",
    },
    {
      name: "26 buttons",
      block: actions(...Array.from({ length: 26 }, (_, index) => button({ action_id: `a${index}` }))),
      says: "1 to 25",
    },
    { name: "two buttons of one name in a row", block: actions(button(), button()), says: "not unique" },
    {
      name: "a button value of 2,001 characters",
      block: actions(button({ value: "x".repeat(2001) })),
      says: "/elements/0/value",
    },
    {
      name: "a button text of 76 characters",
      block: actions(button({ text: plain("x".repeat(76)) })),
      says: "/elements/0/text",
    },
    { name: "a button of another style", block: actions(button({ style: "loud" })), says: "/style" },
    {
      name: "an action_id of 256 characters",
      block: actions(button({ action_id: "x".repeat(256) })),
      says: "/action_id",
    },
    {
      name: "a confirm title of 101 characters",
      block: actions(
        button({ confirm: { title: plain("x".repeat(101)), text: plain("t"), confirm: plain("y"), deny: plain("n") } }),
      ),
      says: "/confirm/title",
    },
    { name: "no options", block: select([]), says: "1 to 100" },
    {
      name: "101 options",
      block: select(Array.from({ length: 101 }, (_, index) => option(`v${index}`))),
      says: "1 to 100",
    },
    {
      name: "an initial option that is none",
      block: select([option("a")], { initial_option: option("b") }),
      says: "initial_option",
    },
    {
      name: "an input in a message",
      block: { type: "input", label: plain("l"), element: { type: "plain_text_input", action_id: "a" } },
      says: "input blocks",
    },
  ])("$name", ({ block, says }) => {
    expect(checkBlocks([block], "message").join("\n")).toContain(says);
  });

  it("two blocks of one id", () => {
    expect(
      checkBlocks(
        [
          { type: "divider", block_id: "b" },
          { type: "divider", block_id: "b" },
        ],
        "message",
      ),
    ).toEqual(["/blocks/1/block_id: is not unique"]);
  });

  it("nothing in blocks that are as large as they may be", () => {
    const full = [
      { type: "header", text: plain("x".repeat(150)) },
      { type: "section", text: mrkdwn("x".repeat(3000)) },
      { type: "context", elements: Array.from({ length: 10 }, () => mrkdwn("x")) },
      actions(
        ...Array.from({ length: 25 }, (_, index) =>
          button({ action_id: `a${index}`, value: "x".repeat(2000), text: plain("x".repeat(75)) }),
        ),
      ),
      select(
        Array.from({ length: 100 }, (_, index) => option(`v${index}`)),
        { initial_option: option("v7") },
      ),
    ];
    expect(checkBlocks(full, "message")).toEqual([]);
  });

  it("counts all text of a message", () => {
    expect(
      textSum([{ type: "section", text: mrkdwn("abc") }, actions(button({ text: plain("de"), value: "not counted" }))]),
    ).toBe(5);
  });
});
