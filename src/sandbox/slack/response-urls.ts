import { checkMessage } from "./check-payload.ts";
import { isPart, listAt, textAt, type Part } from "./part.ts";
import { LIMITS } from "./limits.ts";
import { replaceItem, type StandInMessage, type Workspace } from "./workspace.ts";

/** What a `response_url` belongs to: who acted, and on which message if any. */
export type ResponseOrigin = {
  readonly userId: string;
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
      if (expired || held.uses >= LIMITS.responseUrl.uses) return { status: 404, body: "expired_url" };
      held.uses += 1;
      if (!isPart(body)) return { status: 400, body: "invalid_payload" };
      return act(workspace, held.origin, body);
    },
  };
}

type Answer = { readonly status: number; readonly body: string };

function act(workspace: Workspace, origin: ResponseOrigin, body: Part): Answer {
  const original = workspace.messages.find((message) => message.ts === origin.messageTs);
  if (body["delete_original"] === true) return deleteOriginal(workspace, original);
  const refused = checkMessage(body, "post");
  if (refused !== undefined) return { status: 500, body: refused.error };
  const content = { text: textAt(body, "text") ?? "", blocks: listAt(body, "blocks") };
  const place = { channel: workspace.channel.id, threadTs: textAt(body, "thread_ts") };
  if (body["replace_original"] === true && original !== undefined) {
    replaceItem(workspace.messages, original, { ...original, ...content, edits: original.edits + 1 });
  } else if (body["response_type"] === "in_channel") {
    const rest = { ts: workspace.nextTs(), metadata: undefined, edits: 0, broadcast: false };
    workspace.messages.push({ ...place, ...content, ...rest });
  } else {
    workspace.ephemerals.push({ ...place, ...content, ts: workspace.nextTs(), userId: origin.userId });
  }
  workspace.changed();
  return { status: 200, body: "ok" };
}

function deleteOriginal(workspace: Workspace, original: StandInMessage | undefined): Answer {
  if (original === undefined) return { status: 404, body: "message_not_found" };
  workspace.messages.splice(workspace.messages.indexOf(original), 1);
  workspace.changed();
  return { status: 200, body: "ok" };
}
