import { SCOPES, type ScopeNeed, type SlackTokenKind } from "../../slack/setup/scopes.ts";
import type { Answered, SlackExam, TokenHolder } from "../../slack/setup/examine-slack.ts";
import type { SlackNeeds } from "../../slack/setup/needs.ts";
import { ok, problem, warning, type Diagnosis } from "../doctor/diagnosis.ts";
import { checkRow, type CheckRow } from "./row.ts";

/** Slack's words for a token that is worth nothing. */
const WORTHLESS: ReadonlySet<string> = new Set([
  "invalid_auth",
  "not_authed",
  "token_revoked",
  "token_expired",
  "account_inactive",
  "not_allowed_token_type",
]);

/** Judges who the bot token belongs to. */
export function judgeBot({ bot }: SlackExam): CheckRow {
  return checkRow("token", "bot", judgeHolder(bot));
}

function judgeHolder(bot: Answered<TokenHolder>): Diagnosis {
  if (!("value" in bot)) return refused(bot, "slack.botToken");
  const { team, teamId, user, userId, botId } = bot.value;
  if (botId === undefined)
    return problem(`it is the token of the person ${user}`, "put the bot token (xoxb-…, OAuth & Permissions) there");
  return ok(`${user} (${userId}) in workspace ${team} (${teamId})`);
}

/** Words what Slack said of a token. */
export function refused(
  { error, unclear }: { readonly error: string; readonly unclear: boolean },
  setting: string,
): Diagnosis {
  if (unclear) return problem(`Slack gave no clear answer: ${error}`, "look at the way to slack.apiUrl, and try again");
  if (WORTHLESS.has(error))
    return problem(`Slack refuses it: ${error}`, `install the app again and put its token where ${setting} points`);
  return problem(`Slack refuses: ${error}`, "look the word up in Slack's manual of the method");
}

/** Judges the scopes of a token: those that this configuration needs, and those that nobody needs. */
export function judgeScopes(
  needs: SlackNeeds,
  token: SlackTokenKind,
  holder: Answered<TokenHolder>,
): readonly CheckRow[] {
  if (!("value" in holder)) return [];
  const { scopes } = holder.value;
  if (scopes === undefined)
    return [checkRow("scope", undefined, warning("Slack did not say which scopes the token has", "ask again later"))];
  const wanted = SCOPES.filter((each) => each.token === token && each.isNeeded(needs));
  const known = new Set(SCOPES.filter((each) => each.token === token).map(({ scope }) => scope));
  const strangers = scopes.filter((scope) => !known.has(scope));
  return [
    ...wanted.map((each) => checkRow("scope", each.scope, judgeScope(each, scopes))),
    ...(strangers.length === 0
      ? []
      : [
          checkRow(
            "scope",
            undefined,
            warning(`the token may more than sealwatch needs: ${strangers.join(", ")}`, "take them out of the app"),
          ),
        ]),
  ];
}

function judgeScope({ scope, why, without, spare }: ScopeNeed, scopes: readonly string[]): Diagnosis {
  if (scopes.includes(scope)) return ok(plain(why));
  const fix = `add the scope ${scope} (OAuth & Permissions) and install the app again`;
  return spare ? warning(`missing: ${plain(without)}`, fix) : problem(`missing: ${plain(without)}`, fix);
}

/** A terminal shows no code font. */
function plain(words: string): string {
  return words.replaceAll("`", "");
}

/** Judges the token that deletes messages: whose it is; whether that person may delete others' messages only a deletion would tell. */
export function judgeDeletion({ deletion, people }: SlackExam): readonly CheckRow[] {
  if (deletion === undefined) return [];
  if (!("value" in deletion)) return [checkRow("deletion", undefined, refused(deletion, "slack.deletionToken"))];
  const { user, userId, botId } = deletion.value;
  if (botId !== undefined)
    return [
      checkRow(
        "deletion",
        undefined,
        problem(
          "it is a bot's token, which deletes its own messages only",
          "put a user token (xoxp-…) of an admin there",
        ),
      ),
    ];
  const account = people.get(userId);
  const gone = account !== undefined && "value" in account && account.value.kind !== "member" ? account.value.kind : "";
  if (gone !== "")
    return [checkRow("deletion", user, problem(`the account is a ${gone}`, "take the token of an admin who is here"))];
  return [
    checkRow(
      "deletion",
      user,
      ok(`deletes as ${user} (${userId}): what that person may delete in Slack, so an admin's token is needed`),
    ),
  ];
}
