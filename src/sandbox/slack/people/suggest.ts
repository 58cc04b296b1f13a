import { checkOptionsAnswer } from "../check-payload.ts";
import { textAt, type Part } from "../part.ts";
import type { StandInUser } from "../workspace.ts";
import { optionsOf } from "../check/options.ts";
import { findElement } from "./find-element.ts";
import { blocksOf, findTarget, wireTarget, type MessageTarget } from "./find-target.ts";
import type { PeopleContext } from "./people-context.ts";
import { wireActor } from "./wire-person.ts";

type Typing = { readonly target: MessageTarget; readonly actionId: string; readonly typed: string };

/** Slack asks only after so many characters, unless the element says otherwise. */
const MIN_QUERY = 3;

/** Types into an external select and gives what the app suggests. */
export async function suggest(context: PeopleContext, user: StandInUser, typing: Typing): Promise<readonly Part[]> {
  const { courier, workspace } = context;
  const { actionId, typed } = typing;
  const target = findTarget(context, user, typing.target);
  const found = findElement(blocksOf(target), actionId, (type) => type.endsWith("external_select"));
  if (found === undefined) throw new Error(`cannot type into "${actionId}": there is no such external select`);
  const least = Number(textAt(found.element, "min_query_length") ?? MIN_QUERY);
  if (typed.length < least)
    throw new Error(`cannot ask for options of "${actionId}": slack asks the app after ${least} characters`);
  const delivery = await courier.deliver("interactive", {
    type: "block_suggestion",
    ...wireActor(context, user),
    ...wireTarget(context, target),
    action_id: actionId,
    block_id: found.blockId,
    value: typed,
  });
  if (delivery.outcome !== "acked") throw new Error(`no options for "${actionId}": the app did not answer in time`);
  const problems = checkOptionsAnswer(delivery.payload);
  if (problems.length > 0) throw new Error(`the app answered with options that Slack refuses: ${problems.join(", ")}`);
  const options = optionsOf(delivery.payload);
  workspace.suggested.set(`${user.id} ${actionId}`, options);
  return options;
}

/** Gives the options that were last suggested to a person. */
export function suggestedFor({ workspace }: PeopleContext, user: StandInUser, actionId: string): readonly Part[] {
  return workspace.suggested.get(`${user.id} ${actionId}`) ?? [];
}
