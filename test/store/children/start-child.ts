import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect } from "@jest/globals";
import type { Place } from "./place.ts";

const SCRIPTS = {
  "append-forever": new URL("append-forever.ts", import.meta.url),
  "append-racing": new URL("append-racing.ts", import.meta.url),
  "lock-racing": new URL("lock-racing.ts", import.meta.url),
  "note-racing": new URL("note-racing.ts", import.meta.url),
  "take-racing": new URL("take-racing.ts", import.meta.url),
} as const;

const children: ChildProcess[] = [];

/** Ends, after each test of a file, the children that it started. */
export function endChildrenAfterEach(): void {
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });
}

/** A child process that answers line by line. */
export type Child = {
  readonly process: ChildProcess;
  /** Its next line; undefined when it has ended. */
  readonly next: () => Promise<string | undefined>;
  readonly tell: (line: string | number) => void;
  /** Ends its input and waits for its end. */
  readonly end: () => Promise<void>;
  /** Ends it with SIGKILL and waits for its end. */
  readonly kill: () => Promise<void>;
};

/** Starts a script of this folder on a store. */
export function startChild(script: keyof typeof SCRIPTS, place: Place, ...values: readonly string[]): Child {
  const file = fileURLToPath(SCRIPTS[script]);
  const child = spawn(process.execPath, [file, JSON.stringify(place), ...values]);
  child.stderr.pipe(process.stderr);
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, "exit");
  return {
    process: child,
    next: async () => {
      const { value, done } = await lines.next();
      return done === true ? undefined : value;
    },
    tell: (line) => void child.stdin.write(`${line}\n`),
    end: async () => {
      child.stdin.end();
      await exit;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exit;
    },
  };
}

/** Starts children of one script and waits until each is ready. */
export async function startReady(
  script: keyof typeof SCRIPTS,
  place: Place,
  names: readonly string[],
): Promise<readonly Child[]> {
  const started = names.map((name) => startChild(script, place, "R1", name));
  expect(await Promise.all(started.map(async ({ next }) => await next()))).toEqual(started.map(() => "ready"));
  return started;
}
