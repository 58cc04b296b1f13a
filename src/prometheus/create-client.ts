import { readFile } from "node:fs/promises";
import type { Agent } from "undici";
import type { PrometheusApi, Series } from "../actions/services.ts";
import { FailureError } from "../lib/failure.ts";
import { onceItWorks } from "../lib/once-it-works.ts";
import type { Secret } from "../lib/secret.ts";
import { parseSeries } from "./answer.ts";
import { send } from "../wire/send.ts";
import { answerFailure, thrownFailure, type Call } from "./failure.ts";

const CONNECT_MS = 2000;
const MAX_BYTES = 5 * 1024 * 1024;

/** What a client speaks to, and how. */
export type PrometheusOptions = {
  /** Its address, with the path in front of `/api` if there is one. */
  readonly url: string;
  /** Reads the bearer token, for every call anew: files change. */
  readonly readToken?: () => Promise<Secret>;
  /** PEM file of the certificate authority; default: the system's. */
  readonly caFile?: string;
  /** From the call to the answer's last byte, in milliseconds. */
  readonly timeoutMs: number;
  /** Default 5 MB. */
  readonly maxBytes?: number;
};

/** A client, and the end of its connections. */
export type PrometheusClient = PrometheusApi & { readonly close: () => Promise<void> };

/** Creates a client of Prometheus' query API, or of what speaks it (Thanos, Mimir, VictoriaMetrics); opens no connection before the first call. */
export function createPrometheusClient(options: PrometheusOptions): PrometheusClient {
  const { url, timeoutMs, maxBytes = MAX_BYTES, readToken } = options;
  const base = url.replace(/\/+$/u, "");
  const call: Call = { address: base, timeoutMs, maxBytes };
  let agent: Agent | undefined;
  // The file of the authority may be there next time.
  const opened = onceItWorks(async () => (agent = await openAgent(options)));

  const ask = async (
    path: string,
    parameters: Record<string, string>,
    signal: AbortSignal,
  ): Promise<readonly Series[]> => {
    try {
      const dispatcher = await opened();
      const token = await readToken?.();
      const headers = headersOf(token);
      const body = new URLSearchParams({ ...parameters, timeout: `${timeoutMs}ms` }).toString();
      const answer = await send(dispatcher, {
        method: "POST",
        url: `${base}/api/v1/${path}`,
        headers,
        body,
        timeoutMs,
        maxBytes,
        signal,
      });
      const series = answer.statusCode === 200 ? parseSeries(answer.text) : undefined;
      if (series === undefined) throw answerFailure(call, withoutToken(answer, token));
      return series;
    } catch (error) {
      throw thrownFailure(call, error);
    }
  };

  return {
    query: async (query, { signal }) => await ask("query", { query }, signal),
    queryRange: async (query, { from, to, stepMs, signal }) =>
      await ask("query_range", { query, start: seconds(from), end: seconds(to), step: seconds(stepMs) }, signal),
    close: async () => {
      await agent?.destroy();
    },
  };
}

/** With the first call: undici is heavy, and most programs are never asked. */
async function openAgent({ caFile }: PrometheusOptions): Promise<Agent> {
  const { Agent } = await import("undici");
  const ca = caFile === undefined ? {} : { ca: await readCa(caFile) };
  return new Agent({
    allowH2: false,
    // One clock for the whole call is in wire/send.ts.
    headersTimeout: 0,
    bodyTimeout: 0,
    // Said aloud: unsaid, NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would give the token to whoever answers.
    connect: { timeout: CONNECT_MS, rejectUnauthorized: true, ...ca },
  });
}

async function readCa(file: string): Promise<string> {
  return await readFile(file, "utf8").catch((error: unknown) => {
    const message = `cannot read the authority's certificate from ${file}; correct prometheus.caFile`;
    throw new FailureError({ reason: "refused", retryable: true, message }, { cause: error });
  });
}

function headersOf(token: Secret | undefined): Record<string, string> {
  return {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
    "user-agent": "sealwatch",
    ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
  };
}

/** Something in front may repeat what it was sent, and only we know a token that has no form of its own. */
function withoutToken<T extends { readonly text: string }>(answer: T, token: Secret | undefined): T {
  if (token === undefined) return answer;
  return { ...answer, text: answer.text.replaceAll(token.reveal(), "<redacted>") };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
