import { checkMessage } from "./check-payload.ts";
import { isPart, listAt, textAt, type Part } from "./part.ts";
import { LIMITS } from "./limits.ts";
import { removeMessage, replaceItem, type StandInEphemeral, type StandInMessage, type Workspace } from "./workspace.ts";

/** What a `response_url` belongs to: who acted, where, and on which message if any. */
export type ResponseOrigin = {
  readonly userId: string;
  readonly channel: string;
  readonly messageTs: string | undefined;
  readonly threadTs: string | undefined;
};

/** ResponseUrls gives out addresses for answers: five uses in thirty minutes. */
export type ResponseUrls = {
  readonly issue: (origin: ResponseOrigin) => string;
  /** Answers a POST to `/response/<id>`: a status and a body as Slack's. */
  readonly receive: (id: string, body: unknown) => Answer;
};

/** Makes the response addresses of a workspace; `base` is the stand-in's own address. */
export function createResponseUrls(workspace: Workspace, base: () => string): ResponseUrls {
  const issued = new Map<string, { readonly origin: ResponseOrigin; readonly at: number; uses: number }>();
  return {
    issue: (origin) => {
      const id = workspace.nextId("R");
      issued.set(id, { origin, at: workspace.clock.now(), uses: 0 });
      return `${base()}/response/${id}`;
    },
    receive: (id, body) => {
      const held = issued.get(id);
      const expired = held === undefined || workspace.clock.now() - held.at > LIMITS.responseUrl.lifetimeMs;
      if (expired) return { status: 404, body: "expired_url" };
      if (held.uses >= LIMITS.responseUrl.uses) return { status: 404, body: "used_url" };
      held.uses += 1;
      if (!isPart(body)) return { status: 400, body: "invalid_payload" };
      return act(workspace, held.origin, body);
    },
  };
}

type Answer = { readonly status: number; readonly body: string };
const OK: Answer = { status: 200, body: "ok" };

function act(workspace: Workspace, origin: ResponseOrigin, body: Part): Answer {
  const message = workspace.messages.find(({ ts }) => ts === origin.messageTs);
  const ephemeral = workspace.ephemerals.find(({ ts }) => ts === origin.messageTs);
  if (body["delete_original"] === true) return deleteOriginal(workspace, message, ephemeral);
  const refused = checkMessage(body, "post");
  if (refused !== undefined) return { status: 500, body: refused.error };
  const content = { text: textAt(body, "text") ?? "", blocks: listAt(body, "blocks") };
  if (body["replace_original"] === true && message !== undefined)
    replaceItem(workspace.messages, message, { ...message, ...content, edits: message.edits + 1 });
  else if (body["replace_original"] === true && ephemeral !== undefined)
    replaceItem(workspace.ephemerals, ephemeral, { ...ephemeral, ...content });
  else say(workspace, origin, body, content);
  workspace.changed();
  return OK;
}

/** An answer without `response_type` is for the person alone. */
function say(
  workspace: Workspace,
  origin: ResponseOrigin,
  body: Part,
  content: Pick<StandInMessage, "text" | "blocks">,
): void {
  const place = { channel: origin.channel, threadTs: textAt(body, "thread_ts"), ts: workspace.nextTs() };
  if (body["response_type"] === "in_channel")
    workspace.messages.push({ ...place, ...content, metadata: undefined, edits: 0, broadcast: false });
  else workspace.ephemerals.push({ ...place, ...content, userId: origin.userId });
}

function deleteOriginal(
  workspace: Workspace,
  message: StandInMessage | undefined,
  ephemeral: StandInEphemeral | undefined,
): Answer {
  if (message !== undefined) removeMessage(workspace, message, "app");
  else if (ephemeral !== undefined) workspace.ephemerals.splice(workspace.ephemerals.indexOf(ephemeral), 1);
  else return { status: 404, body: "message_not_found" };
  workspace.changed();
  return OK;
}
