import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "@jest/globals";
import { openSqliteStore } from "../../../src/store/sqlite/open.ts";
import { temporaryFiles } from "./temporary-file.ts";

const ROUNDS = 200;
const temporaryFile = temporaryFiles();

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function start(script: URL, ...values: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [fileURLToPath(script), ...values]);
  child.stderr.pipe(process.stderr);
  children.push(child);
  return child;
}

/** Lets the child append until so many appends were acknowledged, kills it with SIGKILL, and gives every version that it was told. */
async function killAfter(path: string, acknowledged: number): Promise<readonly number[]> {
  const child = start(new URL("append-forever.ts", import.meta.url), path, "R1");
  const versions: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    versions.push(Number(line));
    if (versions.length === acknowledged) child.kill("SIGKILL");
  }
  if (child.signalCode === null) await once(child, "exit");
  expect(child.signalCode).toBe("SIGKILL");
  return versions;
}

describe("a process killed with SIGKILL in the middle of appends", () => {
  it("leaves whole batches, none lost that was acknowledged, and a chain that fits, again and again", async () => {
    const path = temporaryFile();
    for (const acknowledged of [1, 2, 5, 13, 40]) {
      const last = (await killAfter(path, acknowledged)).at(-1) ?? 0;
      const store = openSqliteStore({ path });
      const events = await store.runs.read("R1");
      expect(events.length % 3).toBe(0);
      expect(events.length).toBeGreaterThanOrEqual(last);
      expect(events.length).toBeLessThanOrEqual(last + 3);
      expect(await store.runs.verify("R1")).toBeUndefined();
      store.close();
    }
  });
});

/** A child that is asked and answers line by line. */
function startRacer(path: string, who: string) {
  const child = start(new URL("append-racing.ts", import.meta.url), path, "R1", who);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    who,
    next: async () => (await lines.next()).value,
    ask: (expected: number) => void child.stdin.write(`${expected}\n`),
    end: async () => {
      child.stdin.end();
      await once(child, "exit");
    },
  };
}

describe("two processes that append to one run", () => {
  it("open a new file at the same time, and for each place in the run exactly one of them wins", async () => {
    const path = temporaryFile();
    const racers = [startRacer(path, "left"), startRacer(path, "right")];
    expect(await Promise.all(racers.map(async ({ next }) => await next()))).toEqual(["ready", "ready"]);
    const winners: string[] = [];
    for (let expected = 0; expected < ROUNDS; expected++) {
      for (const { ask } of racers) ask(expected);
      const answers = await Promise.all(racers.map(async ({ next }) => await next()));
      expect(new Set(answers)).toEqual(new Set(["won", "lost"]));
      winners.push(racers[answers.indexOf("won")]?.who ?? "");
    }
    await Promise.all(racers.map(async ({ end }) => await end()));
    const store = openSqliteStore({ path });
    const said = (await store.runs.read("R1")).map(({ event }) => (event.type === "Said" ? event.text : ""));
    expect(said).toEqual(winners);
    expect(await store.runs.verify("R1")).toBeUndefined();
    store.close();
  });
});
