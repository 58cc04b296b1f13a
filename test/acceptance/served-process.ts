import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../../src/app/package-files.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";

/** ServedProcess is `sealwatch serve` as a process of its own. */
export type ServedProcess = AsyncDisposable & {
  readonly address: string;
  /** Everything that it wrote. */
  readonly output: () => string;
  /** Ends it and waits for its end. */
  readonly kill: (signal: "SIGTERM" | "SIGKILL") => Promise<void>;
  /** Asks it to load configuration and runbooks anew. */
  readonly hangUp: () => void;
};

/** Starts `sealwatch serve`; ready when it answers. Nothing of the test's own environment but PATH is passed on. */
export async function serveProcess(configFile: string, env: Readonly<Record<string, string>>): Promise<ServedProcess> {
  const child = spawn(process.execPath, [join(packageRoot, "src", "main.ts"), "serve", "--config", configFile], {
    cwd: packageRoot,
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => void chunks.push(chunk));
  const output = (): string => chunks.join("");
  const kill = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => await end(child, signal);
  try {
    const address = await waitFor("sealwatch serve", async () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${output()}`);
      return /sealwatch listens on (?<address>\S+)/u.exec(output())?.groups?.["address"];
    });
    return {
      address,
      output,
      kill,
      hangUp: () => void child.kill("SIGHUP"),
      [Symbol.asyncDispose]: async () => await kill("SIGKILL"),
    };
  } catch (error) {
    await kill("SIGKILL");
    throw error;
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}
