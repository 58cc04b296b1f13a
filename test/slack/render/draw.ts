import type { RunEvent } from "../../../src/engine/events.ts";
import { replay } from "../../../src/engine/evolve.ts";
import type { LoadedRun } from "../../../src/runner/ports.ts";
import type { ClusterFacts } from "../../../src/slack/insight.ts";
import type { Drawn, Wanted } from "../../../src/slack/render/content.ts";
import type { RunContext, WaitWords } from "../../../src/slack/render/run-context.ts";
import { runMessages } from "../../../src/slack/render/run-messages.ts";
import { T0 } from "../timeline.ts";

export const MINUTE = 60_000;

/** Nothing is in Slack yet: nobody is reminded. */
export const WAITS: WaitWords = {
  remindAfterMs: 5 * MINUTE,
  escalateAfterMs: 15 * MINUTE,
  escalateTo: undefined,
  postedAt: () => undefined,
};

export const DRAW: RunContext = {
  externalUrl: "https://sealwatch.example",
  approversOf: () => [],
  breakGlass: true,
  now: T0 + 4000,
  facts: undefined,
  steps: "classic",
  waits: WAITS,
};

/** A cluster of which one node is sealed: one more loss stops it. */
export const FACTS: ClusterFacts = {
  cluster: "prod",
  at: T0,
  sealType: "awskms",
  margin: 0,
  nodes: [
    { name: "vault-0", state: "active", version: "1.20.0" },
    { name: "vault-1", state: "standby", version: "1.20.0" },
    { name: "vault-2", state: "sealed", progress: { entered: 1, threshold: 3 }, version: "1.20.0" },
  ],
};

export function loaded(events: readonly RunEvent[]): LoadedRun {
  const run = replay(events);
  if (run.status === "none") throw new Error("the timeline began no run");
  return { run, version: events.length, head: "5f".repeat(32) };
}

export function draw(events: readonly RunEvent[], change: Partial<RunContext> = {}): Drawn {
  return runMessages(loaded(events), { ...DRAW, ...change });
}

/** The message that was drawn under a key. */
export function messageOf(key: string, events: readonly RunEvent[], change: Partial<RunContext> = {}): Wanted {
  const found = draw(events, change).messages.find((message) => message.key === key);
  if (found === undefined) throw new Error(`no message has the key ${key}`);
  return found;
}

/** All that a message says and offers, as JSON. */
export function textOf(key: string, events: readonly RunEvent[], change: Partial<RunContext> = {}): string {
  return JSON.stringify(messageOf(key, events, change));
}

/** The `action_id`s of a message's buttons, in order. */
export function actionsOf(message: Pick<Wanted, "blocks">): readonly string[] {
  return [...JSON.stringify(message.blocks).matchAll(/"action_id":"([^"]+)"/gu)].map(([, id]) => id ?? "");
}
