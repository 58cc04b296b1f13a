import type { webApi } from "@slack/bolt";
import { METADATA_TYPE } from "../ids.ts";
import type { Outgoing } from "../outgoing.ts";
import type { Counted } from "./counting.ts";
import { fitted } from "./fitted.ts";

/** Links of ours need no preview, and no text of ours may become a mention by itself. */
const QUIET = { unfurl_links: false, unfurl_media: false, parse: "none", link_names: false } as const;

/** Makes the calls behind messages that stand in channels. */
export function messageCalls(
  client: webApi.WebClient,
  counted: Counted,
): Pick<Outgoing, "post" | "update" | "direct" | "whoAmI"> {
  return {
    post: async ({ channel, threadTs }, keys, content, broadcast) => {
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs, reply_broadcast: broadcast };
      const metadata = { event_type: METADATA_TYPE, event_payload: payloadOf(keys) };
      const message = { channel, ...fitted(content), ...QUIET, ...(thread as { thread_ts: string }), metadata };
      const answer = await counted("chat.postMessage", async () => await client.chat.postMessage(message));
      return answer.ts ?? "";
    },
    update: async (channel, ts, content) => {
      const message = { channel, ts, ...fitted(content), parse: "none", link_names: false } as const;
      await counted("chat.update", async () => await client.chat.update(message));
    },
    direct: async (userId, content) => {
      const message = { channel: userId, ...fitted(content), ...QUIET };
      await counted("chat.postMessage", async () => await client.chat.postMessage(message));
    },
    whoAmI: async () => {
      const answer = await counted("auth.test", async () => await client.auth.test());
      return {
        userId: answer.user_id ?? "",
        teamId: answer.team_id ?? "",
        enterpriseId: answer.enterprise_id,
        botId: answer.bot_id ?? "",
      };
    },
  };
}

/** One post may stand for several messages of ours; Slack takes objects in a list and no bare texts. */
function payloadOf(keys: readonly string[]): { [name: string]: string | { key: string }[] } {
  const [key] = keys;
  return keys.length === 1 && key !== undefined ? { key } : { keys: keys.map((each) => ({ key: each })) };
}
