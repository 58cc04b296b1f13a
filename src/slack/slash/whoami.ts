import { ROLES, type Actor } from "../../access/person.ts";
import { context, section, type Content } from "../render/content.ts";
import { code, escape, line } from "../render/mrkdwn.ts";
import { MAY } from "../role-words.ts";
import type { Subcommand } from "./subcommand.ts";

/** Shows a person who they are here: id, role, groups, where these come from, and what they may do. */
export const whoami: Subcommand = {
  usage: "whoami",
  summary: "who you are here, and what you may do",
  open: true,
  answer: async (bot, { actor }) => await Promise.resolve(draw(actor, bot.breakGlass?.() === true)),
};

function draw(actor: Actor, mayBreakGlass: boolean): Content {
  const { id, name, role, groups, standing } = actor;
  const source = standing?.source === undefined ? "" : ` (${line(standing.source)})`;
  const has = role === undefined ? "no role" : `the role *${role}*${source}`;
  const member = groups.length === 0 ? "in no group" : `in ${groups.map((group) => code(group, 80)).join(", ")}`;
  const untold = (standing?.untold ?? []).map((clause) => `:warning: ${escape(clause)}`);
  return {
    text: `You are ${line(name, 80)}, with ${role ?? "no role"}`,
    blocks: [
      section([`You are *${line(name, 80)}* (${code(id, 120)}) with ${has}, ${member}.`, ...untold].join("\n")),
      section(role === undefined ? "You may see nothing here until you have a role." : may(actor)),
      ...(mayBreakGlass && role !== undefined
        ? [context("In an emergency one person may go past a gate alone (break-glass): loudly, and with a reason.")]
        : []),
    ],
  };
}

function may({ role }: Actor): string {
  const held = role === undefined ? [] : ROLES.slice(0, ROLES.indexOf(role) + 1);
  return ["You may", ...held.map((each) => `• ${MAY[each]}`)].join("\n");
}
