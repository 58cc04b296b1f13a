import type { Dispatcher } from "undici";
import type { VaultTransport } from "../../../vault/transport.ts";
import type { NodeAddress } from "../../../vault/live-nodes.ts";
import { createVaultTransport } from "../../../vault/http-transport.ts";
import { CutOff } from "../../../wire/send.ts";
import { Secret } from "../../../lib/secret.ts";
import { wait } from "../../../lib/wait.ts";
import type { Timers } from "../../../lib/clock.ts";
import type { SimulatedRequest } from "../../../sandbox/vault/node-server.ts";
import type { Reply } from "./reply.ts";
import { TOKENS } from "./carry-out-change.ts";

/** Less than the real transport waits: who asks all nodes gives the last half a second by the machine's clock, which does not pass here. */
const PATIENCE_MS = 2000;

/** What carries requests inside the process. */
export type Wire = {
  /** Brings a request to a node; undefined when the program died before its answer was there. */
  readonly carry: (node: string, request: SimulatedRequest) => Promise<Reply | undefined>;
  readonly died: Promise<void>;
  readonly timers: Timers;
  /** Is told that something waits for a node that hangs, and gives the function that says it does no more. */
  readonly hangs: () => () => void;
};

/** Creates the real transport with the network cut out: what it sends reaches a simulated node of this process, on the test's time. */
export function createInProcessTransport(node: NodeAddress, wire: Wire): VaultTransport {
  const request = async (options: Dispatcher.RequestOptions): Promise<unknown> =>
    await answered(wire, node.name, toRequest(options), options.signal as AbortSignal);
  const source = (token: string) => ({ read: async () => new Secret(token) });
  return {
    ...createVaultTransport({
      node,
      tokens: { read: source(TOKENS.reading), operate: source(TOKENS.actions) },
      dispatcher: { request } as unknown as Dispatcher,
    }),
    probeListener: async () => ({ resolveMs: undefined, connectMs: 0, tlsMs: undefined, certificate: undefined }),
  };
}

function toRequest({ path, method, headers, body }: Dispatcher.RequestOptions): SimulatedRequest {
  const { pathname, searchParams } = new URL(path, "http://node");
  const sent = headers as Readonly<Record<string, string>>;
  return {
    method,
    path: pathname.replace(/^\/v1\//u, ""),
    query: searchParams,
    token: sent["x-vault-token"],
    forwardingForbidden: false,
    body: typeof body === "string" ? (JSON.parse(body) as Record<string, unknown>) : {},
  };
}

async function answered(wire: Wire, node: string, request: SimulatedRequest, signal: AbortSignal): Promise<unknown> {
  for (;;) {
    const reply = await wire.carry(node, request);
    signal.throwIfAborted();
    // Nobody hears of it: it only ends what would wait for ever.
    if (reply === undefined) throw brokenBy("UND_ERR_CLOSED");
    if (reply.kind === "refused") throw brokenBy("ECONNREFUSED");
    if (reply.kind === "frozen") {
      await hanging(reply.thawed, wire, signal);
      continue;
    }
    if (reply.takesMs !== undefined) await hanging(wait(reply.takesMs, wire.timers), wire, signal);
    if (reply.fault === "drop-before" || reply.fault === "drop-after-effect") throw brokenBy("ECONNRESET");
    const { statusCode, headers = {}, body } = reply.answer;
    return { statusCode, headers: { "content-type": "application/json", ...headers }, body: chunksOf(bytesOf(body)) };
  }
}

/** Waits for a node that hangs, as long as the transport would: but on the test's time. */
async function hanging(thawed: Promise<void>, { timers, hangs, died }: Wire, signal: AbortSignal): Promise<void> {
  const goesOn = hangs();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const cancel = timers.after(PATIENCE_MS, () => reject(new CutOff("timeout")));
  const onAbort = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  void Promise.race([thawed, died]).then(resolve);
  try {
    await promise;
  } finally {
    goesOn();
    cancel();
    signal.removeEventListener("abort", onAbort);
  }
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : `${JSON.stringify(body)}\n`);
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  if (bytes.length > 0) yield bytes;
}

function brokenBy(code: string): Error {
  return Object.assign(new Error(code), { code });
}
