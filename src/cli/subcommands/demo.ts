import { once } from "node:events";
import { createLogger } from "../../app/logger.ts";
import { formatDuration } from "../../lib/duration.ts";
import { startDemoWorld, type DemoWorld } from "../demo/demo-world.ts";
import { playTour } from "../demo/tour.ts";
import { CLUSTER } from "../demo/demo-cluster.ts";
import { EXIT, type Io } from "../io.ts";
import { reportFailure } from "../report.ts";

/** What the demo takes. */
export type DemoOptions = { readonly tour: boolean; readonly vaultBin?: string; readonly port: string };

/** Starts everything embedded; plays the tour and ends, or runs until Ctrl-C and takes faults from the keyboard. */
export async function demo(
  io: Io,
  options: DemoOptions,
  signal: AbortSignal,
  startWorld: typeof startDemoWorld = startDemoWorld,
): Promise<number> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    io.err(`sealwatch demo: --port takes a number from 0 to 65535, not "${options.port}"`);
    return EXIT.badInput;
  }
  const begun = performance.now();
  io.err("starting a cluster, sealwatch, and stand-ins for Slack and Prometheus …");
  await using world = await startWorld({
    vaultBin: options.vaultBin,
    port: options.tour ? 0 : port,
    logger: createLogger("error"),
  });
  printAddresses(io, world);
  if (!options.tour) return await play(io, world, signal);
  try {
    await playTour(world, io);
    io.out(`(${formatDuration(performance.now() - begun)})`);
    return EXIT.fine;
  } catch (error) {
    reportFailure(io, error);
    return EXIT.failed;
  }
}

function printAddresses(io: Io, { app, slack, cluster }: DemoWorld): void {
  io.out(`metrics: ${app.address}/metrics`);
  io.out(`web: ${app.address}/`);
  io.out(`slack: ${slack.pageUrl}`);
  io.out(`vault: ${cluster.what}, ${cluster.nodes.map(({ name, address }) => `${name} ${address}`).join(", ")}`);
}

const HELP = [
  "type here (in Slack, be alice and type: /vault status, /vault runbook):",
  "  seal NODE      a fault: the node seals; the alert's card appears in Slack within a second",
  "  share NODE     a holder of a key share enters it at the node (two unseal it)",
  "  destroy NODE   a fault: the machine is gone for good, and its disk",
  "  quit           end (or Ctrl-C)",
];

async function play(io: Io, world: DemoWorld, signal: AbortSignal): Promise<number> {
  for (const line of HELP) io.out(line);
  const shares = new Map<string, number>();
  while (!signal.aborted) {
    const line = await io.ask("demo> ", signal);
    if (line === undefined) break;
    const [command = "", node = ""] = line.trim().split(/\s+/u);
    if (command === "quit") return EXIT.fine;
    if (command !== "") await act(io, world, { command, node, shares });
  }
  // The input ended (it is not a terminal): run on until Ctrl-C.
  if (!signal.aborted) await once(signal, "abort");
  return EXIT.fine;
}

type Act = { readonly command: string; readonly node: string; readonly shares: Map<string, number> };

async function act(io: Io, { cluster }: DemoWorld, { command, node, shares }: Act): Promise<void> {
  const known = cluster.nodes.map(({ name }) => name);
  if (!["seal", "share", "destroy"].includes(command) || !known.includes(node)) {
    io.out(`the commands are seal, share and destroy, each with a node of ${CLUSTER}: ${known.join(", ")}; or quit`);
    return;
  }
  try {
    if (command === "seal") await cluster.seal(node);
    if (command === "destroy") await cluster.destroy(node);
    if (command === "share") {
      const holder = shares.get(node) ?? 0;
      await cluster.enterShare(node, holder);
      shares.set(node, (holder + 1) % cluster.threshold);
    }
    io.out(`${command} ${node}: done`);
  } catch (error) {
    reportFailure(io, error);
  }
}
