import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { chromium, type Browser, type Page } from "playwright-core";
import type { SlackStandIn } from "../../../../src/sandbox/slack/stand-in.ts";
import { requireBinary } from "../../../support/binaries.ts";
import { describeWith } from "../../../support/real.ts";
import { BUTTON_ROW, call, connect, lastPayload, MODAL, openStandIn, until, type Answer } from "../open-stand-in.ts";

/** Chromium looks for its maker's hosts unless it is told not to. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
const SIZES = [
  { name: "a desktop", width: 1200, height: 800 },
  { name: "a phone", width: 390, height: 844 },
];

const plain = (text: string): Answer => ({ type: "plain_text", text });
const mrkdwn = (text: string): Answer => ({ type: "mrkdwn", text });
const rich = (text: string): Answer => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
});

/** A message with a block of every kind that the program sends. */
const FULL = [
  { type: "header", text: plain(":rotating_light: Sealed <img src=x>") },
  {
    type: "section",
    text: mrkdwn("*vault-2* is sealed, <@U2> <https://example.com/|look>"),
    fields: [mrkdwn("*Cluster*\nprod")],
  },
  {
    type: "plan",
    title: "A node is sealed",
    tasks: [{ type: "task_card", task_id: "1", title: "Read the seal", status: "complete", output: rich("1 of 3") }],
  },
  {
    type: "table",
    rows: [
      ["node", "state"],
      ["vault-2", "sealed"],
    ].map((row) => row.map((text) => ({ type: "raw_text", text }))),
  },
  { type: "markdown", text: "**bold** and `code`\n\n- a list" },
  {
    type: "container",
    title: plain("Details"),
    is_collapsible: true,
    child_blocks: [{ type: "section", text: mrkdwn("inside") }],
  },
  {
    type: "actions",
    elements: [
      {
        type: "button",
        action_id: "stop",
        text: plain("Stop"),
        style: "danger",
        confirm: { title: plain("Sure?"), text: mrkdwn("It *stops*."), confirm: plain("Stop it"), deny: plain("No") },
      },
      { type: "static_select", action_id: "pick", options: [{ text: plain("One"), value: "1" }] },
    ],
  },
  { type: "context", elements: [mrkdwn("`run` 1")] },
];

describeWith(["chromium"], "the stand-in's page in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: requireBinary("chromium"), args: QUIET });
  });
  afterAll(async () => await browser.close());

  async function look(
    slack: SlackStandIn,
    query: string,
    size = SIZES[0],
  ): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({ viewport: { width: size?.width ?? 1200, height: size?.height ?? 800 } });
    const complaints: string[] = [];
    page.on("console", (message) => void complaints.push(message.text()));
    page.on("pageerror", (error) => void complaints.push(error.message));
    await page.goto(`${slack.pageUrl}?as=U1${query}`);
    return { page, complaints };
  }

  it.each(SIZES)("draws every block on $name, and nothing is wider than the screen", async (size) => {
    await using slack = await openStandIn({ clock: { now: () => Date.now() } });
    await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks: FULL });
    const { page, complaints } = await look(slack, "", size);
    await page.waitForSelector(".message .plan");
    expect(await page.locator(".unknown").count()).toBe(0);
    expect(await page.locator("h3").first().textContent()).toContain("Sealed <img src=x>");
    expect(await page.locator(".mention").first().textContent()).toBe("@bob");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(size.width);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("asks before a click that wants that, and sends it then", async () => {
    await using slack = await openStandIn();
    const connection = await connect(slack);
    await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks: FULL });
    const { page } = await look(slack, "");
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "No" }).click();
    expect(connection.got).toHaveLength(1);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Stop it" }).click();
    await until(() => connection.got.length === 2);
    expect(lastPayload(connection)).toMatchObject({ type: "block_actions", actions: [{ action_id: "stop" }] });
    await page.locator("select").selectOption("1");
    await until(() => connection.got.length === 3);
    expect(lastPayload(connection)).toMatchObject({
      actions: [{ action_id: "pick", selected_option: { value: "1" } }],
    });
    await page.close();
    connection.socket.terminate();
  });

  it("fills and submits a modal with a search in it, and keeps what was typed when there are errors", async () => {
    await using slack = await openStandIn();
    const search = {
      type: "input",
      block_id: "s",
      label: plain("Node"),
      element: { type: "external_select", action_id: "s", min_query_length: 0 },
    };
    const connection = await connect(slack, ({ payload }) => {
      const { type } = payload as Answer;
      if (type === "block_suggestion") return { options: [{ text: plain("vault-0"), value: "v0" }] };
      return type === "view_submission" ? { response_action: "errors", errors: { b: "not the name" } } : {};
    });
    const { page } = await look(slack, "");
    await page.getByLabel("Message or command").fill("/vault x");
    await page.keyboard.press("Enter");
    await until(() => connection.got.length === 2);
    const view = { ...MODAL, blocks: [...MODAL.blocks, search] };
    await call(slack, "views.open", { trigger_id: lastPayload(connection)["trigger_id"], view });
    await page.locator("[data-block-id=b]").fill("prd");
    await page.locator(".search input").click();
    await page.getByRole("button", { name: "vault-0" }).click();
    await page.getByRole("button", { name: "Go" }).click();
    await page.getByText("not the name").waitFor();
    expect(await page.locator("[data-block-id=b]").inputValue()).toBe("prd");
    expect(await page.locator(".chip").textContent()).toContain("vault-0");
    expect(lastPayload(connection)).toMatchObject({
      view: { state: { values: { b: { a: { value: "prd" } }, s: { s: { selected_option: { value: "v0" } } } } } },
    });
    await page.close();
    connection.socket.terminate();
  });

  it("shows threads, the Home, and lets people write", async () => {
    await using slack = await openStandIn();
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "root" });
    await call(slack, "chat.postMessage", { channel: "C1", text: "in the thread", thread_ts: ts });
    await call(slack, "views.publish", { user_id: "U1", view: { type: "home", blocks: BUTTON_ROW } });
    const { page } = await look(slack, "");
    await page.getByText("1 reply").click();
    await page.getByLabel("Reply in the thread").fill("I see it");
    await page.keyboard.press("Enter");
    await page.locator("#replies").getByText("I see it").waitFor();
    expect(slack.messages().at(-1)).toMatchObject({ userId: "U1", text: "I see it", threadTs: ts });
    await page.locator("#apps").getByText("sealwatch").click();
    await page.locator("#home").getByRole("button", { name: "Go" }).waitFor();
    await page.close();
  });
});
