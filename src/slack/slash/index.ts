import { covers } from "../../access/person.ts";
import { nearest } from "../../lib/nearest.ts";
import { findSecret } from "../../lib/redact.ts";
import type { Bot } from "../bot.ts";
import { context, say, section, type Content } from "../render/content.ts";
import { code } from "../render/mrkdwn.ts";
import { secretRefusal } from "../secret-refusal.ts";
import { runbook } from "./runbook.ts";
import { runs } from "./runs.ts";
import { status } from "./status.ts";
import type { Subcommand, Typed } from "./subcommand.ts";

const help: Subcommand = {
  usage: "help",
  summary: "this list",
  open: true,
  answer: async () => helpContent(),
};

/** Every subcommand of `/vault`. */
export const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = { status, runbook, runs, help };

/** Answers `/vault <text>`: finds the subcommand, checks the role, and refuses anything that looks like a secret. */
export async function answerSlash(bot: Bot, text: string, typed: Omit<Typed, "words">): Promise<Content | undefined> {
  const secret = findSecret(text);
  if (secret !== undefined) return say(secretRefusal(secret));
  const [name = "help", ...words] = text.split(/\s+/u).filter((word) => word !== "");
  const found = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (found === undefined) return unknownSubcommand(name);
  if (!found.open && !covers(typed.actor.role, "viewer"))
    return say(
      `You need the role viewer for \`/vault ${name}\`; you have none. Ask whoever keeps sealwatch's configuration to add you.`,
    );
  return await found.answer(bot, { ...typed, words });
}

function unknownSubcommand(name: string): Content {
  const near = nearest(name, Object.keys(SUBCOMMANDS));
  const hint = near === undefined ? "" : ` Did you mean \`/vault ${near}\`?`;
  const { blocks } = helpContent();
  return { text: `There is no ${name}.${hint}`, blocks: [section(`There is no ${code(name)}.${hint}`), ...blocks] };
}

function helpContent(): Content {
  const lines = Object.values(SUBCOMMANDS).map(({ usage, summary }) => `${code(`/vault ${usage}`)} ${summary}`);
  return {
    text: "What /vault can do",
    blocks: [
      section(lines.join("\n")),
      context("never type a token or a key share here; sealwatch never asks for one"),
    ],
  };
}
