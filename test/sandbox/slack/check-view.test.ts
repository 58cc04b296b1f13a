import { describe, expect, it } from "@jest/globals";
import { checkView } from "../../../src/sandbox/slack/check-payload.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const divider = { type: "divider" };
const modal = (change: Readonly<Record<string, unknown>> = {}) => ({
  type: "modal",
  title: plain("t"),
  blocks: [divider],
  ...change,
});
const input = (change: Readonly<Record<string, unknown>> = {}) => ({
  type: "input",
  label: plain("l"),
  element: { type: "plain_text_input", action_id: "a", ...change },
});

describe("what slack refuses in a view", () => {
  it.each([
    { name: "another type", view: { type: "tab", blocks: [divider] }, says: "must be modal or home" },
    { name: "no blocks", view: modal({ blocks: [] }), says: "1 to 100" },
    { name: "101 blocks", view: modal({ blocks: Array.from({ length: 101 }, () => divider) }), says: "1 to 100" },
    { name: "no title", view: { type: "modal", blocks: [divider] }, says: "title: is missing" },
    { name: "a title of 25 characters", view: modal({ title: plain("x".repeat(25)) }), says: "/view/title/text" },
    { name: "a title in mrkdwn", view: modal({ title: { type: "mrkdwn", text: "x" } }), says: "plain_text" },
    { name: "a submit button of 25 characters", view: modal({ submit: plain("x".repeat(25)) }), says: "/view/submit" },
    { name: "a blank close button", view: modal({ close: plain(" ") }), says: "/view/close" },
    {
      name: "3,001 characters of metadata",
      view: modal({ private_metadata: "x".repeat(3001) }),
      says: "private_metadata",
    },
    { name: "a callback_id of 256 characters", view: modal({ callback_id: "x".repeat(256) }), says: "callback_id" },
    {
      name: "inputs that cannot be submitted",
      view: modal({ blocks: [input()] }),
      says: "is needed when there are inputs",
    },
    {
      name: "two fields that take the focus",
      view: modal({ submit: plain("s"), blocks: [input({ focus_on_load: true }), input({ focus_on_load: true })] }),
      says: "focus_on_load",
    },
    { name: "an unknown field", view: modal({ colour: "red" }), says: "invalid additional property: colour" },
    {
      name: "a title on a Home",
      view: { type: "home", title: plain("t"), blocks: [divider] },
      says: "invalid additional property: title",
    },
    {
      name: "two blocks of one id",
      view: modal({
        blocks: [
          { ...divider, block_id: "b" },
          { ...divider, block_id: "b" },
        ],
      }),
      says: "not unique",
    },
  ])("is $name", ({ view, says }) => {
    expect(checkView(view)?.details.join("\n")).toContain(says);
  });

  it("is more than 250 kB", () => {
    const section = { type: "section", text: { type: "mrkdwn", text: "x".repeat(3000) } };
    expect(checkView(modal({ blocks: Array.from({ length: 85 }, () => section) }))).toMatchObject({
      error: "view_too_large",
    });
  });

  it("is not a view as full as it may be", () => {
    const view = modal({
      title: plain("x".repeat(24)),
      submit: plain("x".repeat(24)),
      close: plain("x".repeat(24)),
      private_metadata: "x".repeat(3000),
      callback_id: "x".repeat(255),
      notify_on_close: true,
      clear_on_close: true,
      blocks: Array.from({ length: 100 }, () => input()),
    });
    expect(checkView(view, "modal")).toBeUndefined();
    expect(checkView(view, "home")).toMatchObject({ details: ["/view/type: must be home"] });
  });
});
