import { toFailure, type Failure } from "../lib/failure.ts";
import type { VaultRequest, VaultResponse, VaultStream, VaultTransport } from "./transport.ts";

/** ObservedCall is what may be told of a call: never its token, its headers or its body. */
export type ObservedCall = Pick<VaultRequest, "method" | "path" | "query"> & {
  readonly nodeName: string;
  readonly hasToken: boolean;
};

/** How a call ended. The code is undefined when no answer came, the bytes are those of the answer's body. */
export type CallEnd = {
  readonly statusCode: number | undefined;
  readonly bytes: number | undefined;
  readonly failure: Failure | undefined;
};

/** ObserveCall is told of each call when it begins; what it gives is told how the call ended. */
export type ObserveCall = (call: ObservedCall) => (end: CallEnd) => void;

/** Tells an observer of everything that goes through a transport, and changes nothing of it. */
export function observeTransport(transport: VaultTransport, observe: ObserveCall): VaultTransport {
  const begin = ({ method, path, query, token }: Pick<VaultRequest, "method" | "path" | "query" | "token">) =>
    observe({
      nodeName: transport.nodeName,
      method,
      path,
      ...(query === undefined ? {} : { query }),
      hasToken: token !== "none",
    });
  return {
    ...transport,
    request: async (request) => {
      const end = begin(request);
      return await ended(transport.request(request), end, endOfAnswer);
    },
    stream: async (request) => {
      const end = begin({ ...request, method: "GET" });
      const stream = await ended(transport.stream(request), end);
      return { ...stream, body: counted(stream, end) };
    },
  };
}

type End = ReturnType<ObserveCall>;

async function ended<T>(call: Promise<T>, end: End, endOf?: (answer: T) => CallEnd): Promise<T> {
  try {
    const answer = await call;
    if (endOf !== undefined) end(endOf(answer));
    return answer;
  } catch (error) {
    end({ statusCode: statusCodeOf(error), bytes: undefined, failure: toFailure(error) });
    throw error;
  }
}

function endOfAnswer({ statusCode, text }: VaultResponse): CallEnd {
  return { statusCode, bytes: Buffer.byteLength(text), failure: undefined };
}

/** A stream has ended when its reader has had enough of it, whether or not that was all. */
async function* counted({ body }: VaultStream, end: End): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let failure: Failure | undefined;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    failure = toFailure(error);
    throw error;
  } finally {
    end({ statusCode: 200, bytes, failure });
  }
}

/** The failure of an answer has the answer's code as its cause. */
function statusCodeOf(error: unknown): number | undefined {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  if (typeof cause !== "object" || cause === null || !("statusCode" in cause)) return undefined;
  return typeof cause.statusCode === "number" ? cause.statusCode : undefined;
}
