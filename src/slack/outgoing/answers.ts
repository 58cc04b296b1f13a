import type { webApi } from "@slack/bolt";
import { FailureError } from "../../lib/failure.ts";
import type { Outgoing } from "../outgoing.ts";
import { clean } from "../render/clean.ts";
import type { Content } from "../render/content.ts";
import { cut, OURS } from "../render/limits.ts";
import type { Counted } from "./counting.ts";
import { fitted } from "./fitted.ts";

const RESPOND_TIMEOUT_MS = 5000;

/** Makes the calls behind answers that one person sees. */
export function answerCalls(
  client: webApi.WebClient,
  counted: Counted,
): Pick<Outgoing, "whisper" | "respond" | "permalink" | "viewErrors"> {
  return {
    whisper: async ({ channel, threadTs }, user, content) => {
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      const message = { channel, user, ...thread, ...fitted(content), parse: "none", link_names: false } as const;
      await counted("chat.postEphemeral", async () => await client.chat.postEphemeral(message));
    },
    respond: async (responseUrl, content) =>
      await counted("response_url", async () => await respond(responseUrl, content)),
    permalink: async (channel, message_ts) => {
      const answer = await counted(
        "chat.getPermalink",
        async () => await client.chat.getPermalink({ channel, message_ts }),
      );
      return answer.permalink ?? "";
    },
    viewErrors: (errors) => {
      const cutErrors = Object.entries(errors).map(([block, text]) => [block, cut(clean(text), OURS.errorText)]);
      return { response_action: "errors", errors: Object.fromEntries(cutErrors) as Record<string, string> };
    },
  };
}

/** Bolt's own `respond` has no time-out. */
async function respond(responseUrl: string, content: Content): Promise<void> {
  const answer = await fetch(responseUrl, {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ response_type: "ephemeral", ...fitted(content) }),
    redirect: "error",
    signal: AbortSignal.timeout(RESPOND_TIMEOUT_MS),
  });
  if (answer.ok) return;
  const message = `cannot answer at the response address: HTTP ${answer.status}; the person can ask again`;
  throw new FailureError({ reason: "refused", message, retryable: false });
}
