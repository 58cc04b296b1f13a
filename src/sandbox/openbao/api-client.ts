import { readFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { OpenBaoAnswer } from "./openbao.ts";

/** One raw call. `path` has no `/v1/`; an empty token sends none. */
export type ApiRequest = {
  readonly address: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly timeoutMs?: number;
};

/** Sends one raw call. Any status code is an answer; only a broken connection or the time-out throws. */
export type ApiClient = (request: ApiRequest) => Promise<OpenBaoAnswer>;

const TIMEOUT_MS = 20_000;

/**
 * A client of its own, deliberately apart from `src/vault`: what the program says of a cluster is compared with what this
 * one says. It follows no redirect and keeps no connection.
 */
export async function createApiClient(caFile: string): Promise<ApiClient> {
  const ca = caFile === "" ? undefined : await readFile(caFile, "utf8");
  return (request) => send(request, ca);
}

async function send(request: ApiRequest, ca: string | undefined): Promise<OpenBaoAnswer> {
  const url = new URL(`/v1/${request.path}`, request.address);
  const text = request.body === undefined ? undefined : JSON.stringify(request.body);
  const headers = request.token === undefined || request.token === "" ? {} : { "x-vault-token": request.token };
  const options = {
    method: request.method,
    headers,
    agent: false as const,
    signal: AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS),
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, options, (response) => {
      readAnswer(response).then(resolve, reject);
    });
    outgoing.on("error", reject);
    outgoing.end(text);
  });
}

async function readAnswer(response: IncomingMessage): Promise<OpenBaoAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { statusCode: response.statusCode ?? 0, body: parseBody(Buffer.concat(chunks).toString("utf8")) };
}

function parseBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
