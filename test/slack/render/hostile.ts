import fc from "fast-check";
import { expect } from "@jest/globals";
import { checkMessage, checkView } from "../../../src/sandbox/slack/check-payload.ts";
import { clean } from "../../../src/slack/render/clean.ts";
import type { Content } from "../../../src/slack/render/content.ts";
import { fitMessage, fitView, OURS } from "../../../src/slack/render/limits.ts";

type ModalView = Parameters<typeof fitView>[0];

/** What somebody writes who wants to be more than text. */
const PARTS = [
  "<!channel>",
  "<!here>",
  "<!everyone>",
  "<@U0BOB>",
  "<!subteam^S0APPROVERS>",
  "<#C1>",
  "<https://evil.example|click>",
  "https://evil.example/x?a=<b>",
  "javascript:alert(1)",
  "<!date^0^{date}^https://evil.example|x>",
  "@here",
  "/vault abort",
  "&lt;!channel&gt;",
  "&",
  "<",
  ">",
  "```",
  "`",
  "*",
  "_",
  "~",
  "|",
  "\n",
  "\r\n\t",
  "\n*Approved* by bob",
  ":white_check_mark: approved",
  "\u202Egnp.exe\u202C",
  "\u2066x\u2069",
  "\u200B\u200F\uFEFF",
  "\u{E0041}\u{E0042}",
  "👩‍🚒🏴‍☠️❤️",
  "שלום",
  "\uD800",
  "\uDC00",
  "\u0000\u0007\u001B[31m",
  "\u0085\u2028\u2029",
  '"\\{}',
  "__proto__",
  "漢".repeat(300),
  "x".repeat(12_000),
  "a b ".repeat(1500),
  "",
  " ",
];

/** Text that somebody hostile, or nobody in particular, wrote. */
export const hostile = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...PARTS), { maxLength: 5 }).map((parts) => parts.join(" ")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
);

/** Markup of a kind that we never write: theirs, if it is there. An alert's own page may be linked, with its host. */
const MARKUP =
  /<(?!!date\^\d+\^\{(?:date_short_pretty\} \{)?time\}\||https:\/\/sealwatch\.example\/|https:\/\/slack\.example\/|https:\/\/evil\.example\/[^<>|]*\|Runbook page \(evil\.example\)>)/u;
const UNSEEN =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]|[\u{E0000}-\u{E007F}]/u;

/** Expects that Slack takes a message, that it fits, and that nothing foreign in it is markup or unseen. */
export function expectHarmless(content: Content): void {
  const sent = fitMessage(clean(content));
  expect(checkMessage(sent, "post")).toBeUndefined();
  expect(checkMessage(sent, "update")).toBeUndefined();
  expect(sent.blocks.length).toBeLessThanOrEqual(OURS.blocks);
  expect(Buffer.byteLength(JSON.stringify(sent.blocks))).toBeLessThanOrEqual(OURS.json);
  expect(buttonsOf(sent.blocks)).toEqual(buttonsOf(content.blocks));
  expectNoMarkup([sent.text, ...mrkdwnOf(sent.blocks)]);
  expect(stringsOf(sent).filter((text) => UNSEEN.test(text))).toEqual([]);
}

/** Expects the same of a modal. */
export function expectHarmlessView(view: ModalView): void {
  const sent = fitView(clean(view));
  expect(checkView(sent)).toBeUndefined();
  expectNoMarkup(mrkdwnOf(sent.blocks));
  expect(stringsOf(sent).filter((text) => UNSEEN.test(text))).toEqual([]);
  expect(() => JSON.parse(sent.private_metadata ?? "")).not.toThrow();
}

function expectNoMarkup(texts: readonly string[]): void {
  expect(texts.filter((text) => MARKUP.test(text))).toEqual([]);
}

function isPart(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Every text in which Slack looks for markup; one that is not verbatim fails, for Slack makes links of bare addresses in it. */
function mrkdwnOf(value: unknown): readonly string[] {
  if (!isPart(value)) return [];
  if (value["type"] !== "mrkdwn") return Object.values(value).flatMap(mrkdwnOf);
  return [value["verbatim"] === true ? String(value["text"]) : "<not verbatim>"];
}

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return isPart(value) ? Object.values(value).flatMap(stringsOf) : [];
}

/** The action and the value of every button. */
function buttonsOf(value: unknown): readonly string[] {
  if (!isPart(value)) return [];
  if (value["type"] === "button") return [`${String(value["action_id"])} ${String(value["value"])}`];
  return Object.values(value).flatMap(buttonsOf);
}
