import { readFile } from "node:fs/promises";
import { findFreePorts, isFreePort } from "../../src/sandbox/openbao/free-ports.ts";
import { startOwnedProcess } from "../../src/sandbox/openbao/owned-process.ts";
import type { OwnedProcess } from "../../src/sandbox/openbao/owned-process.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";

/** A server program that serves HTTP on one port. */
export type LoopbackOptions = {
  readonly name: string;
  readonly command: string;
  readonly args: (port: number) => readonly string[];
  readonly directory: string;
  /** Answers 200 when the server is ready. */
  readonly readyPath: string;
};

/** A server that is ready, at `http://127.0.0.1:<port>`. */
export type LoopbackServer = { readonly address: string; readonly process: OwnedProcess };

const ATTEMPTS = 3;

/** Starts a server on a free port of 127.0.0.1 and waits until it is ready; tries another port when that one was taken. */
export async function startLoopbackServer(options: LoopbackOptions): Promise<LoopbackServer> {
  for (let attempt = 1; ; attempt++) {
    const [port = 0] = await findFreePorts(1);
    try {
      return await start(options, port);
    } catch (error) {
      if (attempt === ATTEMPTS || (await isFreePort(port))) throw error;
    }
  }
}

async function start(options: LoopbackOptions, port: number): Promise<LoopbackServer> {
  const { name, command, directory, readyPath } = options;
  const address = `http://127.0.0.1:${port}`;
  const logFile = `${directory}/${name}.log`;
  const running = await startOwnedProcess({ name, command, args: options.args(port), logFile, directory });
  const early = new AbortController();
  void running.ended.then(async (how) =>
    early.abort(new Error(`cannot start ${name}: it ended (${how}); its log:\n${await readFile(logFile, "utf8")}`)),
  );
  try {
    await waitFor(`${name} ready`, () => isReady(address + readyPath), { signal: early.signal });
    return { address, process: running };
  } catch (error) {
    await running.kill();
    throw error;
  }
}

async function isReady(url: string): Promise<true | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.body?.cancel();
  return response.status === 200 ? true : undefined;
}
