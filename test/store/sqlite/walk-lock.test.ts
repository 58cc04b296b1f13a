import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "@jest/globals";
import { temporaryFiles } from "./temporary-file.ts";

const ROUNDS = 100;
const MINUTE_MS = 60_000;
const SCRIPT = fileURLToPath(new URL("lock-racing.ts", import.meta.url));
const temporaryFile = temporaryFiles();

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A child that tries to take the lock when it is told to, and says what it got. */
async function startRacer(path: string) {
  const child = spawn(process.execPath, [SCRIPT, path]);
  child.stderr.pipe(process.stderr);
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe("ready");
  return {
    acquire: async (at: number): Promise<string> => {
      child.stdin.write(`${at}\n`);
      return String((await lines.next()).value);
    },
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

describe("two processes that want one lock", () => {
  it("get it one at a time, each time with the next epoch", async () => {
    const path = temporaryFile();
    const racers = await Promise.all([startRacer(path), startRacer(path)]);

    for (let round = 1; round <= ROUNDS; round++) {
      const answers = await Promise.all(racers.map(async ({ acquire }) => await acquire(round * MINUTE_MS)));
      expect(answers.toSorted()).toEqual([String(round), "refused"]);
    }
  });

  it("leave it to the other when they are killed, as soon as its time is over and not before", async () => {
    const path = temporaryFile();
    const [walker, other] = [await startRacer(path), await startRacer(path)];
    expect(await walker.acquire(MINUTE_MS)).toBe("1");

    await walker.kill();

    expect(await other.acquire(2 * MINUTE_MS - 1)).toBe("refused");
    expect(await other.acquire(2 * MINUTE_MS)).toBe("2");
  });
});
