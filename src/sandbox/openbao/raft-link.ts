import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { findConnectingProcess } from "./connecting-process.ts";

/** RaftLink is one node's place in the network of its cluster: raft's traffic from and to it, and nothing of the API. */
export type RaftLink = {
  /** Breaks every connection from and to the node, and lets none come up again: the others are alone, and so is it. */
  readonly cut: () => void;
  /** Ends `cut` and `delay`. */
  readonly mend: () => void;
  /** Passes on so many milliseconds later what goes to the node, and its answers: to a leader that waits for a majority, a slow disk. */
  readonly delay: (milliseconds: number) => void;
};

/** One node of the network: the port at which the others reach it, and the one on which it listens. */
export type LinkedNode = {
  readonly name: string;
  readonly port: number;
  readonly target: number;
  readonly pid: () => number | undefined;
};

/** The links of all nodes of a cluster, by their names. */
export type RaftNetwork = {
  readonly links: ReadonlyMap<string, RaftLink>;
  readonly close: () => Promise<void>;
};

type Connection = { readonly from: string | undefined; readonly to: string; readonly sockets: readonly Socket[] };

/** Starts a proxy on 127.0.0.1 before every node's cluster port. */
export async function startRaftNetwork(nodes: readonly LinkedNode[]): Promise<RaftNetwork> {
  const cut = new Set<string | undefined>();
  const delays = new Map<string, number>();
  const open = new Set<Connection>();
  const breakThose = (wanted: (connection: Connection) => boolean): void => {
    for (const { sockets } of [...open].filter(wanted)) for (const socket of sockets) socket.destroy();
  };
  const admit = async (incoming: Socket, { to, target }: { to: string; target: number }): Promise<void> => {
    incoming.on("error", () => incoming.destroy());
    const from = await nameOf(incoming, nodes);
    if (cut.has(from) || cut.has(to) || incoming.destroyed) {
      incoming.destroy();
      return;
    }
    const onward = connect(target, "127.0.0.1");
    const connection = { from, to, sockets: [incoming, onward] };
    open.add(connection);
    onward.on("error", () => onward.destroy());
    onward.on("close", () => open.delete(connection));
    pass(incoming, onward, () => delays.get(to) ?? 0);
    pass(onward, incoming, () => delays.get(to) ?? 0);
    incoming.resume();
  };
  const servers = nodes.map(({ name: to, target }) =>
    createServer({ pauseOnConnect: true }, (incoming) => void admit(incoming, { to, target })),
  );
  await Promise.all(
    servers.map(async (server, index) => {
      server.listen(nodes[index]?.port, "127.0.0.1");
      await once(server, "listening");
    }),
  );
  const linkOf = (name: string): RaftLink => ({
    cut: () => {
      cut.add(name);
      breakThose(({ from, to }) => from === name || to === name);
    },
    mend: () => {
      cut.delete(name);
      delays.delete(name);
    },
    delay: (milliseconds) => void delays.set(name, milliseconds),
  });
  return {
    links: new Map(nodes.map(({ name }) => [name, linkOf(name)])),
    close: async () => {
      for (const server of servers) server.close();
      breakThose(() => true);
      await Promise.all(servers.map(async (server) => await once(server, "close")));
    },
  };
}

/** The node whose process connects: all come from 127.0.0.1, so the kernel is asked. */
async function nameOf({ remotePort = 0 }: Socket, nodes: readonly LinkedNode[]): Promise<string | undefined> {
  const pids = nodes.flatMap(({ pid }) => pid() ?? []);
  const found = await findConnectingProcess(remotePort, pids);
  return found === undefined ? undefined : nodes.find(({ pid }) => pid() === found)?.name;
}

/** Passes bytes on in their order, each as late as the delay is when it comes; an end or a break goes on to the other side. */
function pass(from: Socket, to: Socket, delayMs: () => number): void {
  from.setNoDelay(true);
  const later = (deed: () => void): void => {
    const delay = delayMs();
    if (delay === 0) deed();
    else setTimeout(deed, delay);
  };
  from.on("data", (bytes) =>
    later(() => {
      if (!to.destroyed) to.write(bytes);
    }),
  );
  from.on("end", () => later(() => to.end()));
  from.on("close", () => later(() => to.destroy()));
}
