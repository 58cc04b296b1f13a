import { z } from "zod";
import { exhaustive } from "../../../lib/exhaustive.ts";
import { actAs } from "../people/act-as.ts";
import type { PeopleContext } from "../people/people-context.ts";

const as = z.string();
const value = z.union([z.string(), z.array(z.string())]);

/** What the page sends when a person acts. `target` is a message's ts, a view's id or "home". */
export const Act = z.discriminatedUnion("act", [
  z.strictObject({
    act: z.literal("slash"),
    as,
    command: z.string(),
    text: z.string(),
    channel: z.string().optional(),
  }),
  z.strictObject({ act: z.literal("say"), as, text: z.string(), channel: z.string(), threadTs: z.string().optional() }),
  z.strictObject({
    act: z.literal("click"),
    as,
    target: z.string(),
    actionId: z.string(),
    value: z.string().optional(),
  }),
  z.strictObject({ act: z.literal("select"), as, target: z.string(), actionId: z.string(), value }),
  z.strictObject({ act: z.literal("suggest"), as, target: z.string(), actionId: z.string(), typed: z.string() }),
  z.strictObject({ act: z.literal("submit"), as, view: z.string(), values: z.record(z.string(), value) }),
  z.strictObject({ act: z.literal("close"), as, view: z.string() }),
  z.strictObject({ act: z.literal("home"), as }),
]);
export type Act = z.infer<typeof Act>;

/** Does what a person asked for on the page, and gives what came of it. */
export async function carryOut(people: PeopleContext, asked: Act): Promise<unknown> {
  const person = actAs(people, asked.as);
  switch (asked.act) {
    case "slash":
      return await person.slash(
        asked.command,
        asked.text,
        asked.channel === undefined ? {} : { channel: asked.channel },
      );
    case "say":
      return { ts: await person.say(asked.text, placeOf(asked)) };
    case "click":
      return await person.click(asked.target, asked.actionId, asked.value);
    case "select":
      return await person.select(asked.target, asked.actionId, asked.value);
    case "suggest":
      return { options: await person.suggest(asked.target, asked.actionId, asked.typed) };
    case "submit":
      return await person.submit(asked.view, asked.values);
    case "close":
      return (await person.close(asked.view)) ?? { outcome: "closed" };
    case "home":
      return await person.openHome();
    default:
      return exhaustive(asked);
  }
}

function placeOf({ channel, threadTs }: Extract<Act, { act: "say" }>): { channel: string; threadTs?: string } {
  return { channel, ...(threadTs === undefined ? {} : { threadTs }) };
}
