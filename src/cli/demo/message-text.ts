import type { StandInMessage } from "../../sandbox/slack/workspace.ts";

/** Writes a message's blocks as plain text for the terminal: what is bold, linked or timed in Slack is plain here. */
export function messageText(message: Pick<StandInMessage, "blocks" | "text">): readonly string[] {
  const lines = message.blocks.flatMap((block) => blockLines(block));
  return lines.length === 0 ? [message.text] : lines;
}

function blockLines(block: Readonly<Record<string, unknown>>): readonly string[] {
  const { type, elements, fields } = block;
  if (type === "actions")
    return [
      listOf(elements)
        .map((element) => `[ ${textOf(element["text"])} ]`)
        .join(" "),
    ];
  if (type === "context")
    return [
      listOf(elements)
        .map((element) => textOf(element))
        .join(" · "),
    ];
  if (type === "divider") return ["────"];
  const text = textOf(block["text"]);
  return [
    ...(text === "" ? [] : text.split("\n")),
    ...listOf(fields).map((field) => textOf(field).replaceAll("\n", " ")),
  ];
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? (value as readonly Readonly<Record<string, unknown>>[]) : [];
}

function textOf(value: unknown): string {
  if (value === null || typeof value !== "object" || !("text" in value) || typeof value.text !== "string") return "";
  return value.text
    .replaceAll(/<!date\^(\d+)\^[^|>]*\|([^>]*)>/gu, "$2")
    .replaceAll(/<(?:[^|>]+)\|([^>]+)>/gu, "$1")
    .replaceAll(/[*`]/gu, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
