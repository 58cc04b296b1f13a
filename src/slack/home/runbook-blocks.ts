import type { Runbook } from "../../runbook/schema.ts";
import type { Catalog } from "../bot.ts";
import { ACTIONS } from "../ids.ts";
import { section, type Block } from "../render/content.ts";
import { bold, line } from "../render/mrkdwn.ts";

/** With more runbooks than this they are searched. */
const BUTTONS = 5;

/** Draws the runbooks that a responder may start: a button each, or a list that is searched when there are many. */
export function runbookBlocks(catalog: Catalog): readonly Block[] {
  const runbooks = [...catalog().values()].map(({ runbook }) => runbook);
  if (runbooks.length === 0) return [];
  if (runbooks.length <= BUTTONS) return [{ type: "divider" }, section("*Start a runbook*"), ...runbooks.map(one)];
  return [
    { type: "divider" },
    {
      ...section(`*Start a runbook*\n${runbooks.length} of them; type a part of a name, or of an alert.`),
      accessory: {
        type: "external_select",
        action_id: ACTIONS.pickRunbook,
        min_query_length: 0,
        placeholder: { type: "plain_text", text: "Search runbooks" },
      },
    } as Block,
  ];
}

/** Slack wants every `action_id` once in a block, so each button has a block of its own. */
function one({ id, title, meaning }: Runbook): Block {
  const text = `${bold(title)}\n${line(meaning, 200)}`;
  const button = {
    type: "button",
    action_id: ACTIONS.pickRunbook,
    text: { type: "plain_text", text: "Start…" },
    value: id,
  };
  return { ...section(text), accessory: button } as Block;
}
