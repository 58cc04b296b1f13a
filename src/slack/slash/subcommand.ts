import type { Actor } from "../../access/person.ts";
import type { Bot } from "../bot.ts";
import type { StartRunForm } from "../modals/start-run.ts";
import type { Content } from "../render/content.ts";

/** What was typed behind `/vault`: the words after the subcommand, and who typed them. */
export type Typed = { readonly actor: Actor; readonly words: readonly string[] };

/** Subcommand answers `/vault <name> …` to the person alone. */
export type Subcommand = {
  readonly usage: string;
  readonly summary: string;
  /** `help` and `whoami` need no role; everything else shows the state of clusters. */
  readonly open: boolean;
  /** Gives the form that these words need; undefined when they can be answered without. It asks nobody: Slack's trigger lives three seconds. */
  readonly formFor?: (bot: Bot, words: readonly string[]) => StartRunForm | undefined;
  readonly answer: (bot: Bot, typed: Typed) => Promise<Content>;
};
