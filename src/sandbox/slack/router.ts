import type { IncomingMessage, ServerResponse } from "node:http";
import { answerPage } from "./page/answer-page.ts";
import type { PeopleContext } from "./people/people-context.ts";
import { readBody } from "./read-body.ts";
import { takeUpload } from "./take-upload.ts";
import { answerWebApi, type WebApi } from "./web-api.ts";

/** What a router leads to. */
export type RouterParts = { readonly api: WebApi; readonly people: PeopleContext };

/** Router answers everything that comes over HTTP. */
export type Router = {
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Breaks every connection to what the app uses of Slack, until it is told otherwise; the page stays. */
  readonly refuse: (on: boolean) => void;
};

/** Makes the router of a stand-in. */
export function createRouter(parts: RouterParts): Router {
  let refusing = false;
  return {
    refuse: (on) => {
      refusing = on;
    },
    answer: async (request, response) => {
      if (refusing && isApps(request)) request.socket.destroy();
      else await route(parts, request, response);
    },
  };
}

function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? "/", "http://stand-in").pathname;
}

function isApps(request: IncomingMessage): boolean {
  return /^\/(?:api|response|upload)\//u.test(pathOf(request));
}

async function route({ api, people }: RouterParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request);
  const isPost = request.method === "POST";
  try {
    if (path.startsWith("/api/") && isPost) return await answerWebApi(api, request, response);
    if (path.startsWith("/response/") && isPost) return await answerResponseUrl(people, path, request, response);
    if (path.startsWith("/upload/") && isPost) return await takeUpload(people.workspace, request, response);
    await answerPage(people, request, response);
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    response
      .writeHead(400, { "content-type": "text/plain; charset=utf-8" })
      .end(error instanceof Error ? error.message : String(error));
  }
}

async function answerResponseUrl(
  people: PeopleContext,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body: unknown = JSON.parse((await readBody(request)).toString("utf8"));
  people.workspace.payloads.push({ via: "response_url", body });
  const answer = people.responseUrls.receive(path.replace("/response/", ""), body);
  response.writeHead(answer.status, { "content-type": "text/plain; charset=utf-8" }).end(answer.body);
}
