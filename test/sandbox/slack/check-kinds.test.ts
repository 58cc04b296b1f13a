import { describe, expect, it } from "@jest/globals";
import { checkBlocks, textSum, type Surface } from "../../../src/sandbox/slack/check-blocks.ts";

type Value = Readonly<Record<string, unknown>>;

const plain = (text: string): Value => ({ type: "plain_text", text });
const mrkdwn = (text: string): Value => ({ type: "mrkdwn", text });
const option = (value: string, change: Value = {}): Value => ({ text: plain(value), value, ...change });
const options = (count: number): readonly Value[] => Array.from({ length: count }, (_, index) => option(`v${index}`));
const actions = (...elements: readonly Value[]): Value => ({ type: "actions", elements });
const input = (element: Value): Value => ({
  type: "input",
  label: plain("l"),
  element: { action_id: "a", ...element },
});
const rich = (...elements: readonly Value[]): Value => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements }],
});
const words = rich({ type: "text", text: "words" });
const task = (change: Value = {}): Value => ({
  type: "task_card",
  task_id: "1",
  title: "t",
  status: "pending",
  ...change,
});
const plan = (...tasks: readonly Value[]): Value => ({ type: "plan", title: "p", tasks });
const cell = (text: string): Value => ({ type: "raw_text", text });
const table = (rows: number, columns: number): Value => ({
  type: "table",
  rows: Array.from({ length: rows }, () => Array.from({ length: columns }, () => cell("c"))),
});
const dataTable = (rows: readonly (readonly Value[])[], change: Value = {}): Value => ({
  type: "data_table",
  caption: "c",
  rows,
  ...change,
});
const container = (child_blocks: readonly Value[], change: Value = {}): Value => ({
  type: "container",
  title: plain("t"),
  child_blocks,
  ...change,
});
const image = (change: Value): Value => ({ type: "image", alt_text: "x", ...change });
const picture = { image_url: "https://example.com/a.png" };
const divider = { type: "divider" };

type Case = {
  readonly name: string;
  readonly block: Value | readonly Value[];
  readonly says: string;
  readonly on?: Surface;
};

const REFUSED: readonly Case[] = [
  { name: "an unknown field of a block", block: { ...divider, text: "x" }, says: "invalid additional property: text" },
  {
    name: "an unknown field of a button",
    block: actions({ type: "button", action_id: "a", text: plain("x"), icon: "x" }),
    says: "invalid additional property: icon",
  },
  {
    name: "a button that leads too far",
    block: actions({ type: "button", text: plain("x"), url: `https://${"x".repeat(3000)}` }),
    says: "/url",
  },
  {
    name: "26 elements",
    block: actions(
      ...Array.from({ length: 26 }, (_, index) => ({ type: "button", action_id: `a${index}`, text: plain("x") })),
    ),
    says: "1 to 25",
  },
  {
    name: "11 fields",
    block: { type: "section", fields: Array.from({ length: 11 }, () => mrkdwn("x")) },
    says: "1 to 10",
  },
  {
    name: "an input beside a section",
    block: { type: "section", text: mrkdwn("x"), accessory: { type: "plain_text_input", action_id: "a" } },
    says: "/accessory/type",
  },
  {
    name: "six options of an overflow menu",
    block: actions({ type: "overflow", options: options(6) }),
    says: "1 to 5",
  },
  { name: "eleven radio buttons", block: actions({ type: "radio_buttons", options: options(11) }), says: "1 to 10" },
  { name: "eleven checkboxes", block: actions({ type: "checkboxes", options: options(11) }), says: "1 to 10" },
  {
    name: "an option text of 76 characters",
    block: actions({ type: "static_select", options: [option("x".repeat(76))] }),
    says: "less than 76",
  },
  {
    name: "a description of 76 characters",
    block: actions({ type: "static_select", options: [option("x", { description: plain("x".repeat(76)) })] }),
    says: "/description",
  },
  {
    name: "options and groups together",
    block: actions({
      type: "static_select",
      options: options(1),
      option_groups: [{ label: plain("g"), options: options(1) }],
    }),
    says: "either options or option_groups",
  },
  {
    name: "neither options nor groups",
    block: actions({ type: "static_select" }),
    says: "either options or option_groups",
  },
  {
    name: "101 groups",
    block: actions({
      type: "static_select",
      option_groups: Array.from({ length: 101 }, (_, index) => ({ label: plain("g"), options: [option(`x${index}`)] })),
    }),
    says: "1 to 100",
  },
  {
    name: "initial options that are none",
    block: actions({ type: "multi_static_select", options: options(2), initial_options: [option("other")] }),
    says: "initial_option",
  },
  {
    name: "a formatted option in a select",
    block: actions({ type: "static_select", options: [{ text: mrkdwn("x"), value: "x" }] }),
    says: "plain_text",
  },
  {
    name: "a placeholder of 151 characters",
    block: actions({ type: "external_select", placeholder: plain("x".repeat(151)) }),
    says: "/placeholder",
  },
  {
    name: "options of an external select",
    block: actions({ type: "external_select", options: options(1) }),
    says: "invalid additional property: options",
  },
  {
    name: "a confirmation without a way back",
    block: actions({
      type: "button",
      text: plain("x"),
      confirm: { title: plain("t"), text: plain("t"), confirm: plain("y") },
    }),
    says: "/confirm/deny",
  },
  {
    name: "a confirmation's button of 31 characters",
    block: actions({
      type: "button",
      text: plain("x"),
      confirm: { title: plain("t"), text: plain("t"), confirm: plain("y".repeat(31)), deny: plain("n") },
    }),
    says: "less than 31",
  },
  {
    name: "six context actions",
    block: {
      type: "context_actions",
      elements: Array.from({ length: 6 }, (_, index) => ({
        type: "icon_button",
        action_id: `a${index}`,
        icon: "trash",
        text: plain("x"),
      })),
    },
    says: "1 to 5",
  },
  {
    name: "a button among context actions",
    block: { type: "context_actions", elements: [{ type: "button", text: plain("x") }] },
    says: "unsupported element",
  },
  {
    name: "context actions in a modal",
    block: { type: "context_actions", elements: [{ type: "icon_button", icon: "trash", text: plain("x") }] },
    says: "not taken in a modal",
    on: "modal",
  },
  {
    name: "markdown of 12,001 characters",
    block: { type: "markdown", text: "x".repeat(12_001) },
    says: "less than 12001",
  },
  {
    name: "markdown of 12,001 characters in two blocks",
    block: [
      { type: "markdown", text: "x".repeat(12_000) },
      { type: "markdown", text: "x" },
    ],
    says: "too long in sum",
  },
  { name: "markdown in a modal", block: { type: "markdown", text: "x" }, says: "not taken in a modal", on: "modal" },
  { name: "markdown in a Home", block: { type: "markdown", text: "x" }, says: "not taken in a home", on: "home" },
  { name: "101 rows", block: table(101, 1), says: "1 to 100" },
  { name: "21 columns", block: table(1, 21), says: "1 to 20" },
  { name: "two tables", block: [table(1, 1), table(1, 1)], says: "only one table" },
  { name: "an empty cell", block: { type: "table", rows: [[cell("")]] }, says: "/rows/0/0/text" },
  { name: "a formatted cell that is none", block: { type: "table", rows: [[mrkdwn("x")]] }, says: "unsupported cell" },
  {
    name: "rows of a data table that differ",
    block: dataTable([[cell("a")], [cell("b"), cell("c")]]),
    says: "one length",
  },
  { name: "a formatted header of a data table", block: dataTable([[words]]), says: "unsupported header cell" },
  {
    name: "a data table of 20,001 characters",
    block: dataTable([[cell("x".repeat(9999)), cell("x".repeat(9999))]]),
    says: "too long in sum",
  },
  { name: "a page of 101 rows", block: dataTable([[cell("a")]], { page_size: 101 }), says: "/page_size" },
  { name: "a status that is none", block: plan(task({ status: "completed" })), says: "/tasks/0/status" },
  {
    name: "a task without an id",
    block: { type: "task_card", title: "t", status: "pending" },
    says: "/task_id: is missing",
  },
  { name: "details that are no rich text", block: plan(task({ details: mrkdwn("x") })), says: "/details" },
  { name: "two tasks of one id", block: plan(task(), task()), says: "task_id is not unique" },
  { name: "a task beside a plan", block: [plan(task()), task()], says: "exclude each other" },
  { name: "a plan in a Home", block: plan(task()), says: "not taken in a home", on: "home" },
  { name: "a plan in a modal", block: plan(task()), says: "not taken in a modal", on: "modal" },
  { name: "a picture without words", block: { type: "image", ...picture }, says: "/alt_text: is missing" },
  {
    name: "a picture of two sources",
    block: image({ ...picture, slack_file: { id: "F012345678" } }),
    says: "either image_url or slack_file",
  },
  { name: "a picture from nowhere", block: image({}), says: "either image_url or slack_file" },
  {
    name: "a picture's title of 2,001 characters",
    block: image({ ...picture, title: plain("x".repeat(2001)) }),
    says: "/title",
  },
  { name: "a file id in another form", block: image({ slack_file: { id: "f1" } }), says: "must be a file id" },
  { name: "an empty text in rich text", block: rich({ type: "text", text: "" }), says: "more than 0" },
  { name: "an unknown part of rich text", block: rich({ type: "hologram" }), says: "unsupported rich text" },
  {
    name: "a list of another style",
    block: {
      type: "rich_text",
      elements: [{ type: "rich_text_list", style: "stars", elements: [{ type: "rich_text_section", elements: [] }] }],
    },
    says: "bullet or ordered",
  },
  {
    name: "eleven blocks in a container",
    block: container(Array.from({ length: 11 }, () => divider)),
    says: "1 to 10",
  },
  { name: "a container in a container", block: container([container([divider])]), says: "unsupported child block" },
  { name: "a container without a title", block: { type: "container", child_blocks: [divider] }, says: "needs a title" },
  {
    name: "a container that starts closed and cannot be opened",
    block: container([divider], { default_collapsed: true }),
    says: "needs is_collapsible",
  },
  { name: "an alert in a message", block: { type: "alert", text: mrkdwn("x") }, says: "not taken in a message" },
  {
    name: "an alert of 201 characters",
    block: { type: "alert", text: mrkdwn("x".repeat(201)) },
    says: "less than 201",
    on: "modal",
  },
  {
    name: "an alert of another level",
    block: { type: "alert", text: mrkdwn("x"), level: "loud" },
    says: "/level",
    on: "modal",
  },
  { name: "an empty card", block: { type: "card" }, says: "needs one of" },
  {
    name: "four actions on a card",
    block: {
      type: "card",
      title: mrkdwn("x"),
      actions: Array.from({ length: 4 }, () => ({ type: "button", text: plain("x") })),
    },
    says: "1 to 3",
  },
  {
    name: "eleven cards",
    block: { type: "carousel", elements: Array.from({ length: 11 }, () => ({ type: "card", title: mrkdwn("x") })) },
    says: "1 to 10",
  },
  { name: "a file block", block: { type: "file", source: "remote", external_id: "x" }, says: "unsupported block" },
  { name: "a video", block: { type: "video" }, says: "unsupported block" },
  {
    name: "a label of 2,001 characters",
    block: { ...input({ type: "plain_text_input" }), label: plain("x".repeat(2001)) },
    says: "/label",
    on: "modal",
  },
  {
    name: "a button as input",
    block: input({ type: "button", text: plain("x") }),
    says: "unsupported element",
    on: "modal",
  },
  {
    name: "a text of 3,001 characters to type",
    block: input({ type: "plain_text_input", max_length: 3001 }),
    says: "1 to 3000",
    on: "modal",
  },
  {
    name: "a least length above the most",
    block: input({ type: "plain_text_input", min_length: 5, max_length: 4 }),
    says: "above max_length",
    on: "modal",
  },
  {
    name: "a number input that does not say which numbers",
    block: input({ type: "number_input" }),
    says: "is_decimal_allowed: is missing",
    on: "modal",
  },
  {
    name: "a date in another form",
    block: input({ type: "datepicker", initial_date: "22.11.2026" }),
    says: "must be a date",
    on: "modal",
  },
];

const TAKEN: readonly Omit<Case, "says">[] = [
  {
    name: "a whole plan",
    block: plan(
      task({
        details: words,
        output: words,
        status: "complete",
        sources: [{ type: "url", url: "https://example.com", text: "x" }],
      }),
    ),
  },
  { name: "tasks without a plan", block: [task(), task({ task_id: "2", status: "error" })] },
  { name: "a table as large as it may be", block: table(100, 20) },
  {
    name: "a data table",
    block: dataTable([
      [cell("a"), cell("b")],
      [words, { type: "raw_number", value: 1, text: "1" }],
    ]),
  },
  { name: "markdown as long as it may be", block: { type: "markdown", text: "x".repeat(12_000) } },
  {
    name: "a picture of ours that was not looked up",
    block: image({ slack_file: { id: "F012345678" }, title: plain("t") }),
    on: "home",
  },
  {
    name: "a container",
    block: container([divider, words, table(1, 1)], {
      is_collapsible: true,
      default_collapsed: true,
      subtitle: mrkdwn("s"),
    }),
  },
  { name: "an alert", block: { type: "alert", text: mrkdwn("x"), level: "warning" }, on: "modal" },
  {
    name: "every choice in a row",
    block: actions(
      { type: "checkboxes", action_id: "a", options: [{ text: mrkdwn("*x*"), value: "x", description: mrkdwn("y") }] },
      { type: "radio_buttons", action_id: "b", options: options(10) },
      { type: "external_select", action_id: "c", min_query_length: 0 },
      { type: "multi_users_select", action_id: "d" },
      { type: "overflow", action_id: "e", options: [option("x", { url: "https://example.com" })] },
    ),
    on: "home",
  },
  {
    name: "groups of options",
    block: actions({
      type: "static_select",
      option_groups: [{ label: plain("g"), options: options(100) }],
      initial_option: option("v7"),
    }),
  },
  {
    name: "a text to type",
    block: input({
      type: "plain_text_input",
      multiline: true,
      min_length: 1,
      max_length: 3000,
      initial_value: "x",
      placeholder: plain("p"),
      focus_on_load: true,
    }),
    on: "modal",
  },
  { name: "an input on the Home", block: input({ type: "plain_text_input" }), on: "home" },
  { name: "context with a picture", block: { type: "context", elements: [image(picture), mrkdwn("x")] } },
  {
    name: "feedback",
    block: {
      type: "context_actions",
      elements: [
        {
          type: "feedback_buttons",
          positive_button: { text: plain("+"), value: "1" },
          negative_button: { text: plain("-"), value: "0" },
        },
      ],
    },
  },
  {
    name: "all of rich text",
    block: {
      type: "rich_text",
      elements: [
        { type: "rich_text_preformatted", elements: [{ type: "text", text: "x", style: { code: true } }] },
        { type: "rich_text_quote", elements: [{ type: "link", url: "https://example.com" }] },
        {
          type: "rich_text_list",
          style: "bullet",
          indent: 1,
          elements: [
            {
              type: "rich_text_section",
              elements: [
                { type: "user", user_id: "U1" },
                { type: "emoji", name: "x" },
                { type: "usergroup", usergroup_id: "S1" },
              ],
            },
          ],
        },
      ],
    },
  },
];

const listOf = (block: Value | readonly Value[]): readonly unknown[] => (Array.isArray(block) ? block : [block]);

describe("what slack refuses of each kind of block", () => {
  it.each(REFUSED)("is $name", ({ block, says, on = "message" }) => {
    expect(checkBlocks(listOf(block), on).join("\n")).toContain(says);
  });

  it.each(TAKEN)("is not $name", ({ block, on = "message" }) => {
    expect(checkBlocks(listOf(block), on)).toEqual([]);
  });

  it("is a picture that was not uploaded, is not ready or is none", () => {
    const held = {
      title: "t",
      bytes: new Uint8Array(),
      channels: [],
      threadTs: undefined,
      snippetType: undefined,
      altText: undefined,
    };
    const files = [
      { ...held, id: "F0READY001", name: "a.png", ready: true },
      { ...held, id: "F0NOTREADY", name: "b.png", ready: false },
      { ...held, id: "F0TEXT0001", name: "c.txt", ready: true },
    ];
    const problems = (id: string): readonly string[] =>
      checkBlocks([image({ slack_file: { id } })], "message", { files });
    expect(problems("F0READY001")).toEqual([]);
    for (const id of ["F0NOTREADY", "F0TEXT0001", "F0NOBODY01"])
      expect(problems(id)).toEqual(["/blocks/0/slack_file: invalid slack file"]);
  });

  it("counts the titles of plans and the cells of tables as text", () => {
    expect(textSum([plan(task()), table(1, 2)])).toBe(4);
  });
});
