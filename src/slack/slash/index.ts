import { covers, type Actor } from "../../access/person.ts";
import { findSecret } from "../../lib/redact.ts";
import type { Bot } from "../bot.ts";
import { openStartForm, type FormAsker } from "../open-start-form.ts";
import { say, section, type Content } from "../render/content.ts";
import { needsRole } from "../role-words.ts";
import { secretRefusal } from "../secret-refusal.ts";
import { backup } from "./backup.ts";
import { helpContent } from "./help.ts";
import { leases } from "./leases.ts";
import { readWords } from "./read-words.ts";
import { run } from "./run.ts";
import { runbook } from "./runbook.ts";
import { runs } from "./runs.ts";
import { meant, shown } from "./shown.ts";
import { status } from "./status.ts";
import type { Subcommand } from "./subcommand.ts";
import { whoami } from "./whoami.ts";

const help: Subcommand = {
  usage: "help",
  summary: "this list",
  open: true,
  answer: async (_bot, { actor }) => await Promise.resolve(helpContent(SUBCOMMANDS, actor)),
};

/** Every subcommand of `/vault`. */
export const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  status,
  runbook,
  runs,
  run,
  backup,
  leases,
  whoami,
  help,
};

/** What people type instead, on a phone or out of habit. */
const ALIASES: Readonly<Record<string, string>> = {
  runbooks: "runbook",
  backups: "backup",
  lease: "leases",
  "?": "help",
};

/** Who typed the command. `identify` may ask Slack, so forms open before it. */
export type SlashAsker = FormAsker & { readonly identify: () => Promise<Actor> };

/** Answers `/vault <text>`: finds the subcommand, checks the role, and refuses anything that looks like a secret. Undefined: a form is the answer. */
export async function answerSlash(bot: Bot, text: string, asker: SlashAsker): Promise<Content | undefined> {
  const all = readWords(text);
  const secret = findSecret(text) ?? findSecret(all.join(" "));
  if (secret !== undefined) {
    bot.observer.refused("secret");
    return say(secretRefusal(secret));
  }
  const [typedName = "help", ...words] = all;
  const found = find(typedName);
  if (found === undefined) return unknownSubcommand(typedName, await asker.identify());
  const form = found.formFor?.(bot, words);
  if (form !== undefined) {
    const why = await openStartForm(bot, asker, form);
    return why === undefined ? undefined : say(`${why} ${WITHOUT_FORM}`);
  }
  const actor = await asker.identify();
  if (found.open || covers(actor.role, "viewer")) return await found.answer(bot, { actor, words });
  bot.observer.refused("role");
  return say(needsRole("viewer", `use \`/vault ${found.usage.split(" ")[0] ?? ""}\``));
}

const WITHOUT_FORM =
  "A command that gives every input needs no form: `/vault runbook <id> [cluster] [node] [input=value …]`.";

function find(typedName: string): Subcommand | undefined {
  const lower = typedName.toLowerCase();
  const name = Object.hasOwn(ALIASES, lower) ? ALIASES[lower] : lower;
  return name !== undefined && Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
}

function unknownSubcommand(name: string, actor: Actor): Content {
  const text = `There is no ${shown(name)}.${hint(name)}`;
  return { text, blocks: [section(text), ...helpContent(SUBCOMMANDS, actor).blocks] };
}

function hint(name: string): string {
  const known = Object.keys(SUBCOMMANDS);
  return meant(name, known)
    .replaceAll("`", "")
    .replace(/mean (\S+)\?/u, "mean `/vault $1`?");
}
