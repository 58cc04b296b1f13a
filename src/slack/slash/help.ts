import type { Actor } from "../../access/person.ts";
import { context, section, type Content } from "../render/content.ts";
import { code } from "../render/mrkdwn.ts";
import { MAY, needsRole } from "../role-words.ts";
import type { Subcommand } from "./subcommand.ts";

/** Lists the subcommands that a person may use, and what their role adds. */
export function helpContent(subcommands: Readonly<Record<string, Subcommand>>, { role }: Pick<Actor, "role">): Content {
  const usable = Object.values(subcommands).filter(({ open }) => open || role !== undefined);
  const lines = usable.map(({ usage, summary }) => `${code(`/vault ${usage}`)} ${summary}`);
  return {
    text: "What /vault can do",
    blocks: [
      section(lines.join("\n")),
      section(role === undefined ? needsRole("viewer", "see more") : `With the role ${role} you may ${MAY[role]}.`),
      context("never type a token or a key share here; sealwatch never asks for one"),
    ],
  };
}
