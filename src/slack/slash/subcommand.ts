import type { Actor } from "../../access/person.ts";
import type { Bot } from "../bot.ts";
import type { Content } from "../render/content.ts";

/** What was typed behind `/vault`: the words after the subcommand, and who typed them. */
export type Typed = {
  readonly actor: Actor;
  readonly words: readonly string[];
  readonly triggerId: string;
};

/** Subcommand answers `/vault <name> …` to the person alone; undefined when it opened a modal instead. */
export type Subcommand = {
  readonly usage: string;
  readonly summary: string;
  /** `help` needs no role; everything else shows the state of clusters. */
  readonly open: boolean;
  readonly answer: (bot: Bot, typed: Typed) => Promise<Content | undefined>;
};
