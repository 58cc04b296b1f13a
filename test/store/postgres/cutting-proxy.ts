import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** Where the connection of a statement breaks: before the server sees it, or before its answer comes back. */
export type Cut = {
  /** Part of the statement's text. */
  readonly statement: string;
  /**
   * `request`: the server never sees it. `answer`: the server carries it out, and its answer is lost. `late`: the server sees it only when
   * `deliver` is called, long after its client gave it up.
   */
  readonly of: "request" | "answer" | "late";
  /** Happens at the cut, before the client learns of it. */
  readonly meanwhile?: () => Promise<void>;
};

/** A way to a PostgreSQL that breaks where a test says. */
export type CuttingProxy = AsyncDisposable & {
  readonly port: number;
  /** Breaks the connection on which the statement is said next; once. */
  readonly cut: (cut: Cut) => void;
  /** Sends the server what was held back, and waits until it has answered. */
  readonly deliver: () => Promise<void>;
  /** From now on every new connection is closed at once. */
  readonly refuse: () => void;
  /** From now on new connections lead to another port. */
  readonly leadTo: (port: number) => void;
  /** From now on nothing comes through the connections that there are; new ones work. So does a host that lost its power. */
  readonly freeze: () => void;
};

/** Starts a proxy on a free port of 127.0.0.1. */
export async function startCuttingProxy(port: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const state: State = { port, next: undefined, held: undefined, refuses: false, frozen: new Set() };
  const listener = createServer((client) => {
    const server = connect(state.port, "127.0.0.1");
    for (const socket of [client, server]) {
      sockets.add(socket.on("error", () => {}));
      socket.on("close", () => sockets.delete(socket));
    }
    if (state.refuses) for (const socket of [client, server]) socket.destroy();
    else forward(state, client, server);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    cut: (cut) => void (state.next = cut),
    deliver: async () => await state.held?.(),
    leadTo: (other) => void (state.port = other),
    refuse: () => void (state.refuses = true),
    freeze: () => void (state.frozen = new Set(sockets)),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}

type State = {
  port: number;
  next: Cut | undefined;
  held: (() => Promise<void>) | undefined;
  refuses: boolean;
  frozen: ReadonlySet<Socket>;
};

function forward(state: State, client: Socket, server: Socket): void {
  client.on("close", () => void server.destroy());
  server.on("close", () => void client.destroy());
  server.on("data", (bytes) => {
    if (!state.frozen.has(client)) client.write(bytes);
  });
  client.on("data", (bytes) => {
    const cut = state.next;
    if (cut !== undefined && bytes.includes(cut.statement)) {
      state.next = undefined;
      state.held = async () => await answerTo(bytes, server);
      void breakAt(cut, { client, server, bytes });
    } else if (!state.frozen.has(client)) server.write(bytes);
  });
}

type Broken = { readonly client: Socket; readonly server: Socket; readonly bytes: Buffer };

async function breakAt({ of, meanwhile }: Cut, { client, server, bytes }: Broken): Promise<void> {
  server.removeAllListeners("data");
  if (of === "late") client.removeAllListeners("close");
  if (of === "answer") await answerTo(bytes, server);
  await meanwhile?.();
  client.destroy();
  if (of !== "late") server.destroy();
}

/** The server answers when it has committed. */
async function answerTo(bytes: Buffer, server: Socket): Promise<void> {
  server.write(bytes);
  await once(server, "data");
}
