import type { Dispatcher } from "undici";
import { answerFailure, errorWords } from "./answer-failure.ts";
import type { Call } from "./call-failure.ts";
import { callToken } from "./call-token.ts";
import type { CallToken, Tokens } from "./call-token.ts";
import type { DispatcherOptions } from "./dispatcher.ts";
import { probeListener } from "./listener-probe.ts";
import { readNodeTls } from "./node-tls.ts";
import type { TlsFiles } from "./node-tls.ts";
import { createNodeVault } from "./node-vault.ts";
import { requestNamespace } from "./request-namespace.ts";
import { openStream, send } from "../wire/send.ts";
import type { WireRequest } from "../wire/send.ts";
import { createSharedLookup } from "./shared-lookup.ts";
import { thrownFailure } from "./thrown-failure.ts";
import type { Limits } from "./thrown-failure.ts";
import type { VaultRequest, VaultResponse, VaultTransport } from "./transport.ts";

const CONNECT_MS = 2000;
const RESPONSE_MS = 5000;
/** A cluster's largest ordinary answer (raft configuration, mounts) is a hundredth of it. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Vault's words of a failure are far shorter; what comes after them is somebody else's page. */
const MAX_ERROR_BYTES = 64 * 1024;

/** TransportOptions is all that a transport to one node needs. */
export type TransportOptions = {
  readonly node: { readonly name: string; readonly address: string };
  readonly tls?: TlsFiles;
  readonly tokens: Tokens;
  /** Sent with calls that need a token and are not the root namespace's alone. */
  readonly namespace?: string | undefined;
  readonly timeouts?: { readonly connectMs?: number; readonly responseMs?: number };
  readonly maxBytes?: number;
  /** Default: a pool of its own, made from `tls` and closed with the transport. */
  readonly dispatcher?: Dispatcher;
};

/** Creates the transport to one node, over undici under node-vault; opens no connection before the first call. */
export function createVaultTransport(options: TransportOptions): VaultTransport {
  const { name, address } = options.node;
  const connectMs = options.timeouts?.connectMs ?? CONNECT_MS;
  const tls = readNodeTls(options.node, options.tls ?? {});
  const lookup = createSharedLookup();
  let opening: Promise<Dispatcher> | undefined;
  const dispatcher = async (): Promise<Dispatcher> =>
    options.dispatcher ?? (await (opening ??= openDispatcher({ tls, connectMs, lookup })));
  const call = createNodeVault(address, async (wire) => await send(await dispatcher(), wire));

  const prepare = async (asked: VaultRequest): Promise<Prepared> => {
    const { method, path, query, asks } = asked;
    const of = { ...(query === undefined ? {} : { query }), ...(asks === undefined ? {} : { asks }) };
    const known: Call = { method, path, nodeName: name, address, ...of };
    const limits: Limits = {
      connectMs,
      timeoutMs: asked.timeoutMs ?? options.timeouts?.responseMs ?? RESPONSE_MS,
      maxBytes: asked.maxBytes ?? options.maxBytes ?? MAX_BYTES,
    };
    const token = await callToken(known, { ...asked, timeoutMs: limits.timeoutMs }, options.tokens);
    const headers = headersOf(asked, token, requestNamespace(asked, options.namespace));
    const signal = asked.signal === undefined ? {} : { signal: asked.signal };
    return { known, limits, token, wire: { method, headers, ...limits, ...signal } };
  };

  const request = async (asked: VaultRequest): Promise<VaultResponse> => {
    const { known, limits, token, wire } = await prepare(asked);
    const body = asked.body === undefined ? {} : { body: JSON.stringify(asked.body) };
    const answer = await call(pathWithQuery(asked), { ...wire, ...body }).catch((error: unknown) => {
      throw thrownFailure(known, limits, error);
    });
    const response = { ...answer, body: parseJson(answer.text) };
    if (isAnswer(asked, response)) return response;
    throw refusal(known, token, response);
  };

  const stream: VaultTransport["stream"] = async (asked) => {
    const { known, limits, token, wire } = await prepare({ ...asked, method: "GET" });
    const url = new URL(`/v1/${pathWithQuery({ ...asked, method: "GET" })}`, address).href;
    try {
      const { statusCode, headers, body } = await openStream(await dispatcher(), { ...wire, url });
      if (statusCode >= 200 && statusCode < 300) return { headers, body: explained(body, known, limits) };
      const text = await readAtMost(body, MAX_ERROR_BYTES);
      throw refusal(known, token, { statusCode, headers, text, body: parseJson(text) });
    } catch (error) {
      throw thrownFailure(known, limits, error);
    }
  };

  return {
    nodeName: name,
    address,
    request,
    stream,
    probeListener: async (call) => await probeListener({ address, tls, lookup }, call),
    close: async (when = "now") => {
      if (options.dispatcher !== undefined) return;
      const own = await dispatcher();
      await (when === "idle" ? own.close() : own.destroy());
    },
  };
}

/** With the first call: undici is heavy, and a program that has asked nothing yet starts without it. */
async function openDispatcher(options: DispatcherOptions): Promise<Dispatcher> {
  const { createDispatcher } = await import("./dispatcher.ts");
  return createDispatcher(options);
}

type Prepared = {
  readonly known: Call;
  readonly limits: Limits;
  readonly token: CallToken | undefined;
  readonly wire: Omit<WireRequest, "url" | "body">;
};

/** A 403 is a policy that lacks a line or a token that is no more; whoever gave the token finds out which. */
function refusal(known: Call, token: CallToken | undefined, response: VaultResponse): Error {
  if (response.statusCode === 403) token?.denied();
  return answerFailure(known, token === undefined ? response : withoutToken(response, token.token.reveal()));
}

/** Something in front may repeat what it was sent, and only we know a token that has no form of its own. */
function withoutToken(response: VaultResponse, token: string): VaultResponse {
  if (!response.text.includes(token)) return response;
  const text = response.text.replaceAll(token, "<redacted Vault token>");
  return { ...response, text, body: parseJson(text) };
}

/** A stream that breaks off says so in the words of a failed call. */
async function* explained(
  body: AsyncIterable<Uint8Array>,
  known: Call,
  limits: Limits,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } catch (error) {
    throw thrownFailure(known, limits, error);
  }
}

async function readAtMost(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxBytes) break;
  }
  return Buffer.concat(chunks).toString("utf8", 0, maxBytes);
}

function headersOf(
  { body }: VaultRequest,
  token: CallToken | undefined,
  namespace: string | undefined,
): Record<string, string> {
  return {
    accept: "*/*",
    "user-agent": "sealwatch",
    // An agent or a proxy in front may demand it, as a guard against forged requests.
    "x-vault-request": "true",
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(token === undefined ? {} : { "x-vault-token": token.token.reveal() }),
    ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
  };
}

function pathWithQuery({ path, query }: VaultRequest): string {
  const text = new URLSearchParams(query).toString();
  return text === "" ? path : `${path}?${text}`;
}

/** An accepted code is an answer only with an answer's body: 429 with `errors` on `sys/health` is a quota, not a standby. */
function isAnswer({ accept }: VaultRequest, { statusCode, body }: VaultResponse): boolean {
  if (statusCode >= 200 && statusCode < 300) return true;
  return accept?.includes(statusCode) === true && errorWords(body) === undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
