import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { actAs, type PeopleContext } from "../people.ts";
import { exhaustive } from "../../../lib/exhaustive.ts";
import { readBody } from "../read-body.ts";

const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "/": { file: "index.html", type: "text/html" },
  "/page.css": { file: "page.css", type: "text/css" },
  "/page.js": { file: "page.js", type: "text/javascript" },
  "/mrkdwn.js": { file: "mrkdwn.js", type: "text/javascript" },
  "/blocks.js": { file: "blocks.js", type: "text/javascript" },
};

/** What the page sends when a person acts. */
const Act = z.discriminatedUnion("act", [
  z.strictObject({ act: z.literal("slash"), as: z.string(), command: z.string(), text: z.string() }),
  z.strictObject({
    act: z.literal("click"),
    as: z.string(),
    ts: z.string(),
    actionId: z.string(),
    value: z.string().optional(),
  }),
  z.strictObject({
    act: z.literal("submit"),
    as: z.string(),
    view: z.string(),
    values: z.record(z.string(), z.string()),
  }),
  z.strictObject({ act: z.literal("close"), as: z.string(), view: z.string() }),
]);

/** Serves the browser page: its files, the state as one person sees it, changes as server-sent events, and what people do. */
export async function answerPage(
  people: PeopleContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://stand-in");
  if (!isLocal(request)) return send(response, 403, "text/plain", "the page is for browsers on this machine");
  if (request.method === "POST" && url.pathname === "/page/act") return await act(people, request, response);
  if (request.method !== "GET") return send(response, 405, "text/plain", "GET only");
  if (url.pathname === "/page/state") return sendState(people, url.searchParams.get("as") ?? "", response);
  if (url.pathname === "/page/events") return sendEvents(people, response);
  const found = FILES[url.pathname];
  if (found === undefined) return send(response, 404, "text/plain", "there is nothing here");
  send(response, 200, found.type, await readFile(new URL(found.file, import.meta.url), "utf8"));
}

/** Another site's page must not act in the demo: the host must be loopback and the origin, if any, our own. */
function isLocal(request: IncomingMessage): boolean {
  const host = request.headers.host ?? "";
  const origin = request.headers.origin;
  return (
    /^(?:127[.]0[.]0[.]1|localhost)(?::\d+)?$/u.test(host) && (origin === undefined || origin === `http://${host}`)
  );
}

async function act(people: PeopleContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = Act.parse(JSON.parse(await readBody(request)));
  send(response, 200, "application/json", JSON.stringify(await carryOut(people, asked)));
}

async function carryOut(people: PeopleContext, asked: z.infer<typeof Act>): Promise<unknown> {
  const person = actAs(people, asked.as);
  switch (asked.act) {
    case "slash":
      return await person.slash(asked.command, asked.text);
    case "click":
      return await person.click(asked.ts, asked.actionId, asked.value);
    case "submit":
      return await person.submit(asked.view, asked.values);
    case "close":
      person.close(asked.view);
      return { outcome: "closed" };
    default:
      return exhaustive(asked);
  }
}

function sendState({ workspace, app, sockets }: PeopleContext, userId: string, response: ServerResponse): void {
  const state = {
    team: app.teamName,
    channel: workspace.channel,
    users: workspace.users,
    connected: sockets.connections() > 0,
    messages: workspace.messages,
    ephemerals: workspace.ephemerals.filter((ephemeral) => ephemeral.userId === userId),
    views: workspace.views.filter((view) => view.userId === userId),
  };
  send(response, 200, "application/json", JSON.stringify(state));
}

function sendEvents({ workspace }: PeopleContext, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write("data: changed\n\n");
  const end = workspace.onChange(() => response.write("data: changed\n\n"));
  response.on("close", end);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  const policy =
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  response
    .writeHead(status, {
      "content-type": `${type}; charset=utf-8`,
      "cache-control": "no-store",
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
    })
    .end(body);
}
