import type { Dispatcher } from "undici";

/** One request, with its limits. */
export type BoundedRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the call to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
};

/** An answer as it came, whatever its code. */
export type BoundedResponse = {
  readonly statusCode: number;
  readonly location: string | undefined;
  readonly text: string;
};

/** CutOff says that we ended a call ourselves; thrown by `sendBounded`. */
export class CutOff extends Error {
  readonly kind: "timeout" | "aborted" | "too-large";

  constructor(kind: CutOff["kind"]) {
    super(kind);
    this.name = "CutOff";
    this.kind = kind;
  }
}

/**
 * POSTs a request and reads its whole answer; follows no redirect. Throws `CutOff` when the time is over, the caller gave up or the answer is
 * too large, and the socket's own error otherwise.
 */
export async function sendBounded(dispatcher: Dispatcher, request: BoundedRequest): Promise<BoundedResponse> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(new CutOff("timeout")), request.timeoutMs);
  const giveUp = (): void => ending.abort(new CutOff("aborted"));
  request.signal.addEventListener("abort", giveUp, { once: true });
  if (request.signal.aborted) giveUp();
  try {
    return await orEnded(exchange(dispatcher, request, ending.signal), ending.signal);
  } catch (error) {
    throw ending.signal.aborted ? ending.signal.reason : error;
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", giveUp);
  }
}

async function exchange(
  dispatcher: Dispatcher,
  { url, headers, body, maxBytes }: BoundedRequest,
  signal: AbortSignal,
): Promise<BoundedResponse> {
  signal.throwIfAborted();
  const { origin, pathname } = new URL(url);
  const answer = await dispatcher.request({
    origin,
    path: pathname,
    method: "POST",
    headers: { ...headers },
    body,
    signal,
  });
  const { location } = answer.headers;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys the stream, and with it the connection: the rest is never read.
    if (bytes > maxBytes) throw new CutOff("too-large");
    chunks.push(chunk);
  }
  return {
    statusCode: answer.statusCode,
    location: typeof location === "string" ? location : undefined,
    text: Buffer.concat(chunks).toString("utf8"),
  };
}

/** Waits for an answer, but not beyond the end: undici heeds a signal only once there is a connection. */
async function orEnded<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([answer, ended]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}
