import type { Timers } from "../../lib/clock.ts";
import { within } from "../within.ts";
import { measured } from "./measured.ts";
import { createSocket, type Socket, type SocketOptions } from "./socket.ts";
import type { Transport, TransportState } from "./transport.ts";
import { createUnderWay } from "./under-way.ts";

/** What Socket Mode is made of: `connections` at a time, of which Slack uses any for each thing that it delivers. */
export type SocketsOptions = SocketOptions & { readonly connections: number };

/** Slack takes no more of one app, all its replicas together. */
const MOST_CONNECTIONS = 10;
/** Slack ends connections by their age: those that begin apart are not renewed at the same moment. */
const APART_MS = 5000;
/**
 * What Slack sent before it heard that we go is still taken: once a connection is being closed nothing can be acked on it, and Slack sends a
 * click no second time.
 */
const LINGER_MS = 250;
/** Slack waits no longer for an ack. */
const ACK_MS = 3000;

/** Makes the transport of Socket Mode: while one connection is renewed, the others go on. */
export function createSockets(options: SocketsOptions): Transport {
  const count = Math.min(Math.max(1, options.connections), MOST_CONNECTIONS);
  const sockets = Array.from({ length: count }, () => createSocket(options));
  let cancels: readonly (() => void)[] = [];
  const start = (): void => {
    cancels = sockets.map((socket, index) => startLater(socket, index * APART_MS, options.timers));
  };
  const underWay = createUnderWay();
  const stop = async (): Promise<void> => {
    for (const cancel of cancels) cancel();
    if (sockets.some((socket) => socket.state() === "connected")) {
      await options.delay(LINGER_MS, new AbortController().signal);
      await within(ACK_MS, underWay.over());
    }
    await Promise.all(sockets.map(async (socket) => await socket.stop()));
  };
  const open = (): number => sockets.filter((socket) => socket.state() === "connected").length;
  return {
    receiver: {
      init: (app) => {
        for (const { receiver } of sockets) receiver.init(underWay.watched(measured(app, options.observer)));
      },
      start: async () => await Promise.resolve(start()),
      stop,
    },
    start,
    stop,
    state: () => stateOf(sockets),
    connections: open,
  };
}

function startLater(socket: Socket, milliseconds: number, timers: Timers): () => void {
  if (milliseconds > 0) return timers.after(milliseconds, socket.start);
  socket.start();
  return () => {};
}

/** One connection is enough to be reached. */
function stateOf(sockets: readonly Socket[]): TransportState {
  const states = sockets.map((socket) => socket.state());
  if (states.includes("connected")) return "connected";
  return states.includes("stopped") ? "stopped" : "connecting";
}
