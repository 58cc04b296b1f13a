import type { Dispatcher } from "undici";

/** WireRequest is one HTTP request, ready to be sent. */
export type WireRequest = {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the call to the last byte, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
};

/** WireResponse is an answer as it came, whatever its code. */
export type WireResponse = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** CutOff says that we ended a call ourselves; thrown by `send`. */
export class CutOff extends Error {
  readonly kind: "timeout" | "aborted" | "too-large";

  constructor(kind: CutOff["kind"]) {
    super(kind);
    this.name = "CutOff";
    this.kind = kind;
  }
}

/**
 * Sends one request and reads its whole answer; follows no redirect. Throws `CutOff` when the time is over, the caller
 * gave up or the answer is too large, and the socket's own error otherwise.
 */
export async function send(dispatcher: Dispatcher, request: WireRequest): Promise<WireResponse> {
  const { statusCode, headers, body } = await openStream(dispatcher, request);
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return { statusCode, headers, text: Buffer.concat(chunks).toString("utf8") };
}

/** WireStream is an answer whose body is read by whoever asked; leaving the iteration ends the connection. */
export type WireStream = Omit<WireResponse, "text"> & { readonly body: AsyncIterable<Buffer> };

/**
 * Sends one request and gives its answer's body as it comes; follows no redirect. Both the call and the iteration throw `CutOff` when
 * the time is over, the caller gave up or the answer is too large, and the socket's own error otherwise.
 */
export async function openStream(dispatcher: Dispatcher, request: WireRequest): Promise<WireStream> {
  const ending = endingOf(request);
  try {
    ending.signal.throwIfAborted();
    const { origin, pathname, search } = new URL(request.url);
    const asked = dispatcher.request({
      origin,
      path: pathname + search,
      method: request.method,
      headers: { ...request.headers },
      body: request.body ?? null,
      signal: ending.signal,
    });
    const answer = await orEnded(asked, ending.signal);
    const body = bounded(answer.body as AsyncIterable<Buffer>, request.maxBytes, ending);
    return { statusCode: answer.statusCode, headers: flatten(answer.headers), body };
  } catch (error) {
    ending.clear();
    throw ending.signal.aborted ? ending.signal.reason : error;
  }
}

async function* bounded(body: AsyncIterable<Buffer>, maxBytes: number, ending: Ending): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      // Leaving the loop destroys the stream, and with it the connection: the rest is never read.
      if (bytes > maxBytes) throw new CutOff("too-large");
      yield chunk;
    }
  } catch (error) {
    throw ending.signal.aborted ? ending.signal.reason : error;
  } finally {
    ending.clear();
  }
}

type Ending = { readonly signal: AbortSignal; readonly clear: () => void };

/** Joins the call's own time with the caller's signal, without leaving a listener on a signal that outlives the call. */
function endingOf({ timeoutMs, signal }: WireRequest): Ending {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new CutOff("timeout")), timeoutMs);
  const giveUp = (): void => {
    // A scrape's deadline is a time-out to the person who reads of it, whoever held the clock.
    controller.abort(
      new CutOff((signal?.reason as Error | undefined)?.name === "TimeoutError" ? "timeout" : "aborted"),
    );
  };
  if (signal?.aborted === true) giveUp();
  signal?.addEventListener("abort", giveUp, { once: true });
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
    },
  };
}

/** Waits for an answer, but not beyond the end: undici heeds a signal only once there is a connection, which a frozen node never gives. */
async function orEnded<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return await Promise.race([answer, ended]);
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
