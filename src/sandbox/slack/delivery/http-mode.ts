import { isPart, textAt, type Part } from "../part.ts";
import { failed, firstAcked, type Attempt, type Envelope, type Retry, type Transport } from "./delivery.ts";

/** A request as it went out: signed, whole. */
export type SentRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** HttpMode posts signed requests to the app's Request URL. */
export type HttpMode = Transport & {
  /** Asks the address to prove itself (`url_verification`), as Slack does when somebody enters it; whether it gave the challenge back. */
  readonly verifyUrl: () => Promise<boolean>;
  /** The last request that was signed. */
  readonly last: () => SentRequest | undefined;
};

/** What an HttpMode is made of. */
export type HttpModeOptions = {
  readonly url: string;
  /** Signs a body, stamped now. */
  readonly sign: (body: string) => Readonly<Record<string, string>>;
  /** How long Slack waits for an answer, in milliseconds. */
  readonly ackMs: number;
};

const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";

/** Makes the transport to one Request URL. */
export function createHttpMode({ url, sign, ackMs }: HttpModeOptions): HttpMode {
  let last: SentRequest | undefined;
  const signed = (type: string, body: string, retry?: Retry): SentRequest => {
    last = { url, body, headers: { "content-type": type, ...AGENT, ...sign(body), ...retryHeaders(retry) } };
    return last;
  };
  return {
    last: () => last,
    attempt: async (envelope, twice) => {
      const request = signed(envelope.kind === "events_api" ? JSON_TYPE : FORM, write(envelope), envelope.retry);
      const first = send(request, ackMs);
      return twice ? await firstAcked(first, send(request, ackMs)) : await first;
    },
    verifyUrl: async () => {
      const challenge = "stand-in-challenge";
      const answer = await send(signed(JSON_TYPE, JSON.stringify({ type: "url_verification", challenge })), ackMs);
      return answer.outcome === "acked" && [answer.payload["challenge"], answer.payload["text"]].includes(challenge);
    },
  };
}

/** Sends a request once more, byte for byte, as somebody would who kept it. */
export async function replay(request: SentRequest): Promise<{ readonly status: number; readonly body: string }> {
  const { url, headers, body } = request;
  const answer = await fetch(url, { method: "POST", headers, body, redirect: "manual" });
  return { status: answer.status, body: await answer.text() };
}

const AGENT = { "user-agent": "Slackbot 1.0 (stand-in)", accept: "application/json,*/*" };

function retryHeaders(retry: Retry | undefined): Readonly<Record<string, string>> {
  return retry === undefined ? {} : { "x-slack-retry-num": String(retry.num), "x-slack-retry-reason": retry.reason };
}

/** Commands are fields of a form, interactions a field named `payload`, events JSON. */
function write({ kind, payload }: Envelope): string {
  if (kind === "events_api") return JSON.stringify(payload);
  if (kind === "interactive") return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return new URLSearchParams(
    Object.entries(payload).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString();
}

async function send({ url, headers, body }: SentRequest, ackMs: number): Promise<Attempt> {
  const signal = AbortSignal.timeout(ackMs);
  try {
    const answer = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    const text = await answer.text();
    if (answer.ok) return { outcome: "acked", payload: readAck(text) };
    return failed("http_error", answer.headers.get("x-slack-no-retry") === "1");
  } catch {
    return failed(signal.aborted ? "http_timeout" : "connection_failed");
  }
}

/** An ack is nothing, JSON, or the text of a message. */
function readAck(text: string): Part {
  if (text.trim() === "") return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return isPart(parsed) ? parsed : { text };
  } catch {
    return { text };
  }
}

/** Whether an ack shows something in the channel. */
export function holdsMessage(ack: Part): boolean {
  return textAt(ack, "text") !== undefined || ack["blocks"] !== undefined;
}
