import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { PeopleContext } from "../people/people-context.ts";
import { readBody } from "../read-body.ts";
import { mimeType } from "../wire-file.ts";
import { Act, carryOut } from "./carry-out.ts";
import { pageState } from "./page-state.ts";

const STYLES = ["page.css", "blocks.css", "overlays.css"];
const SCRIPTS = [
  "page.js",
  "shell.js",
  "messages.js",
  "modal.js",
  "confirm.js",
  "blocks.js",
  "block-kinds.js",
  "elements.js",
  "inputs.js",
  "search.js",
  "option-text.js",
  "tables.js",
  "rich-text.js",
  "markdown.js",
  "mrkdwn.js",
  "dom.js",
  "signs.js",
];
const FILES: ReadonlyMap<string, { readonly file: string; readonly type: string }> = new Map([
  ["/", { file: "index.html", type: "text/html" }],
  ...STYLES.map((file) => [`/${file}`, { file, type: "text/css" }] as const),
  ...SCRIPTS.map((file) => [`/${file}`, { file, type: "text/javascript" }] as const),
]);

/** The files that the page is made of, as addresses. */
export const PAGE_PATHS: readonly string[] = [...FILES.keys()];

/** Serves the browser page: its files, the state as one person sees it, changes as server-sent events, uploads, and what people do. */
export async function answerPage(
  people: PeopleContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://stand-in");
  if (!isLocal(request)) return send(response, 403, "text/plain", "the page is for browsers on this machine");
  if (request.method === "POST" && url.pathname === "/page/act") {
    const asked = Act.parse(JSON.parse((await readBody(request)).toString("utf8")));
    return send(response, 200, "application/json", JSON.stringify(await carryOut(people, asked)));
  }
  if (request.method !== "GET") return send(response, 405, "text/plain", "GET only");
  if (url.pathname === "/page/state")
    return send(response, 200, "application/json", JSON.stringify(pageState(people, url.searchParams.get("as") ?? "")));
  if (url.pathname === "/page/events") return sendEvents(people, response);
  if (url.pathname.startsWith("/files/")) return sendFile(people, url.pathname.replace("/files/", ""), response);
  const found = FILES.get(url.pathname);
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

function sendEvents({ workspace }: PeopleContext, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write("data: changed\n\n");
  const end = workspace.onChange(() => response.write("data: changed\n\n"));
  response.on("close", end);
}

function sendFile({ workspace }: PeopleContext, id: string, response: ServerResponse): void {
  const file = workspace.files.find((held) => held.id === id);
  if (file === undefined) return send(response, 404, "text/plain", "there is no such file");
  const type = mimeType(file.name);
  response.writeHead(200, { ...headers(type), "content-length": file.bytes.length }).end(file.bytes);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, headers(type)).end(body);
}

function headers(type: string): Record<string, string> {
  const policy =
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  return {
    "content-type": type.startsWith("image/") ? type : `${type}; charset=utf-8`,
    "cache-control": "no-store",
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
  };
}
