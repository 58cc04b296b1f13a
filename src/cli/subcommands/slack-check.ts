import type { Settings } from "../../app/load-settings.ts";
import type { SecretSource } from "../../config/sections/secret.ts";
import { readSecret } from "../../config/secret-source.ts";
import { channelsOf, membersOf, needsOf, userGroupsOf, type ChannelKinds } from "../../slack/setup/needs.ts";
import type { SlackExam } from "../../slack/setup/examine-slack.ts";
import { ok } from "../doctor/diagnosis.ts";
import { EXIT, type Io } from "../io.ts";
import type { Env } from "../settings.ts";
import {
  judgeChannels,
  judgeConnection,
  judgePeople,
  judgeUserGroups,
  type Configured,
} from "../slack-check/judge-places.ts";
import { judgeBot, judgeDeletion, judgeScopes } from "../slack-check/judge-tokens.ts";
import { checkRow, renderChecks, type CheckRow } from "../slack-check/row.ts";

/** What the command line gave. */
export type SlackCheckOptions = { readonly env: Env; readonly json: boolean; readonly timeoutMs?: number };

/** Asks Slack whether everything that the configuration wants is there; 1 when there is a problem. It posts nothing and reads no message. */
export async function slackCheck(io: Io, settings: Settings, options: SlackCheckOptions): Promise<number> {
  const { slack } = settings.config;
  if (slack === undefined) {
    io.err("sealwatch slack check: no Slack is configured; docs/slack.md says how");
    return EXIT.badInput;
  }
  const rows = await check({ ...settings.config, slack }, options);
  if (options.json) io.out(JSON.stringify(rows, undefined, 2));
  else for (const line of renderChecks(rows)) io.out(line);
  return rows.some(({ level }) => level === "problem") ? EXIT.failed : EXIT.fine;
}

async function check(config: Configured, { env, timeoutMs }: SlackCheckOptions): Promise<readonly CheckRow[]> {
  const { slack } = config;
  const read = async (source: SecretSource | undefined) =>
    source === undefined ? undefined : await readSecret(source, { env });
  if (slack.mode === "http") await read(slack.signingSecret);
  // Bolt is heavy: only who asks Slack loads it.
  const { examineSlack } = await import("../../slack/setup/examine-slack.ts");
  const exam = await examineSlack({
    apiUrl: slack.apiUrl,
    botToken: await readSecret(slack.botToken, { env }),
    appToken: slack.mode === "socket" ? await read(slack.appToken) : undefined,
    deletionToken: await read(slack.deletionToken),
    channels: channelsOf(slack).map(({ id }) => id),
    userGroups: userGroupsOf(config).map(([group]) => group),
    people: membersOf(config).map(([id]) => id),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return [...(slack.mode === "http" ? [SIGNED] : []), ...judge(config, exam)];
}

const SIGNED = checkRow("token", "signing secret", ok("it is there; only a request of Slack's can prove it"));

function judge(config: Configured, exam: SlackExam): readonly CheckRow[] {
  const needs = needsOf(config, channelKinds(exam));
  return [
    judgeBot(exam),
    ...judgeScopes(needs, "bot", exam.bot),
    ...judgeConnection(config, exam),
    ...judgeChannels(config, exam),
    ...judgeUserGroups(config, exam),
    ...judgePeople(config, exam),
    ...judgeDeletion(exam),
    ...(exam.deletion === undefined ? [] : judgeScopes(needs, "user", exam.deletion)),
  ];
}

/** Which scope the bot has, or Slack asks for, tells which kind of channels there are. */
function channelKinds({ bot, channels }: SlackExam): ChannelKinds {
  const granted = "value" in bot ? (bot.value.scopes ?? []) : [];
  const asked = [...channels.values()].flatMap((answer) => ("needed" in answer ? [answer.needed] : []));
  const has = (scope: string): boolean => granted.includes(scope) || asked.includes(scope);
  if (!has("groups:history")) return "public";
  return has("channels:history") ? "both" : "private";
}
