import type { Config } from "../../config/schema.ts";
import type { Answered, SlackExam, Told } from "../../slack/setup/examine-slack.ts";
import { requestUrl } from "../../slack/setup/manifest.ts";
import { channelsOf, membersOf, userGroupsOf, type NamedChannel } from "../../slack/setup/needs.ts";
import type { SlackAccount } from "../../access/slack-directory.ts";
import { ok, problem, warning, type Diagnosis } from "../doctor/diagnosis.ts";
import { refused } from "./judge-tokens.ts";
import { checkRow, type CheckRow } from "./row.ts";

/** What is judged: the configuration, whose Slack is given. */
export type Configured = Pick<Config, "access" | "externalUrl"> & { readonly slack: NonNullable<Config["slack"]> };

/** Judges the way on which Slack tells what people do. */
export function judgeConnection({ slack, externalUrl }: Configured, { connection }: SlackExam): readonly CheckRow[] {
  if (slack.mode === "http") return [checkRow("connection", "http", judgeUrl(externalUrl))];
  if (connection === undefined) return [];
  if ("value" in connection) return [checkRow("connection", "socket", ok("Socket Mode gives connections"))];
  const lacks = connection.error === "missing_scope" || connection.error === "not_allowed_token_type";
  const diagnosis = lacks
    ? problem(
        `Slack gives no connection: ${connection.error}`,
        "make an app-level token with connections:write (Basic Information) and switch Socket Mode on",
      )
    : refused(connection, "slack.appToken");
  return [checkRow("connection", "socket", diagnosis)];
}

function judgeUrl(externalUrl: string | undefined): Diagnosis {
  if (externalUrl === undefined)
    return problem("nobody knows where Slack may post to", "write externalUrl into the configuration");
  const url = requestUrl(externalUrl);
  if (!url.startsWith("https://")) return problem(`${url} is not https`, "Slack posts to https addresses only");
  return ok(
    `the Request URL of commands, interactivity and events must be ${url}; Slack says there whether it answers`,
  );
}

/** Judges whether the bot may write where cards appear. */
export function judgeChannels({ slack }: Configured, { channels }: SlackExam): readonly CheckRow[] {
  return channelsOf(slack).map((channel) =>
    checkRow("channel", channel.id, judgeChannel(channel, channels.get(channel.id))),
  );
}

function judgeChannel({ uses }: NamedChannel, answer: Answered<undefined> | undefined): Diagnosis {
  const of = uses.join(", ");
  if (answer === undefined) return problem(`${of}: nobody was asked`, "correct the bot token first");
  if ("value" in answer) return ok(`${of}: the bot is in it`);
  if (answer.error === "not_in_channel")
    return problem(`${of}: the bot is not in it`, "in the channel: /invite @sealwatch");
  if (answer.error === "channel_not_found")
    return problem(
      `${of}: there is no such channel, or it is private and the bot is not in it`,
      "compare the id (channel details, at the bottom), then: /invite @sealwatch",
    );
  if (answer.error === "is_archived") return problem(`${of}: it is archived`, "name another channel");
  if (answer.error === "missing_scope") return withoutHistory(of, answer.needed);
  return refused(answer, "slack.botToken");
}

/** Without the scope nobody can tell whether the bot is in the channel. */
function withoutHistory(of: string, needed = "channels:history"): Diagnosis {
  const kind = needed.startsWith("groups:") ? "it is private, and " : "";
  return warning(
    `${of}: ${kind}whether the bot is in it cannot be told without the scope ${needed}`,
    `add ${needed} and install the app again (sealwatch slack manifest --channels)`,
  );
}

/** Judges whether the user groups that give roles can be read. */
export function judgeUserGroups(config: Configured, { userGroups }: SlackExam): readonly CheckRow[] {
  return userGroupsOf(config).map(([group, name]) =>
    checkRow("user-group", name, judgeGroup(group, userGroups.get(group))),
  );
}

function judgeGroup(group: string, answer: Told<number> | undefined): Diagnosis {
  if (answer === undefined) return problem(`${group}: nobody was asked`, "correct the bot token first");
  if ("failure" in answer)
    return problem(`${group}: ${answer.failure.message}`, "until it can be read, nobody holds a role by this group");
  if (answer.value === 0) return warning(`${group}: nobody is in it`, "add people to the group, or name another");
  return ok(`${group}: ${answer.value} ${answer.value === 1 ? "person" : "people"}`);
}

/** Judges whether the people who are listed are who they should be. */
export function judgePeople(config: Configured, { people }: SlackExam): readonly CheckRow[] {
  return membersOf(config).map(([id, name]) => checkRow("person", name, judgePerson(id, people.get(id))));
}

/** Names are what people call themselves, so an id is printed too. */
function judgePerson(id: string, answer: Told<SlackAccount> | undefined): Diagnosis {
  if (answer === undefined) return problem(`${id}: nobody was asked`, "correct the bot token first");
  if ("failure" in answer) return unread(id, answer.failure);
  const { kind, name } = answer.value;
  if (kind === "member") return ok(`${id}: ${name}`);
  const words = {
    guest: "a guest, whom user groups give nothing",
    deactivated: "deactivated",
    bot: "a bot's",
    stranger: "of another company",
  };
  return warning(`${id}: the account is ${words[kind]} (${name})`, "take the entry out, or correct the member id");
}

function unread(id: string, { reason, message }: { readonly reason: string; readonly message: string }): Diagnosis {
  if (reason === "not-found") return problem(`${id}: there is no such account`, "copy the member id from the profile");
  // Only user groups need users:read; for the sake of this line nobody should grant it.
  if (message.includes("users:read"))
    return ok(`${id}: not looked at, for the app has no users:read and may not need it`);
  return problem(`${id}: ${message}`, "try again");
}
