import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { RunEvent } from "../../../src/engine/events.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import type { Fault } from "../../../src/sandbox/slack/faults.ts";
import { KEYS } from "../../../src/slack/ids.ts";
import { alertId } from "../../../src/slack/sha256.ts";
import { fitted } from "../../../src/slack/outgoing/fitted.ts";
import { drawRun } from "../../../src/slack/publish/plan/run-drawing.ts";
import type { Publisher } from "../../../src/slack/publish/publisher.ts";
import {
  alertGroup,
  alice,
  checked,
  finished,
  gateOpened,
  GROUP_KEY,
  manualBegun,
  started,
  stuck,
  T0,
} from "../timeline.ts";
import { buttonsOf, byKey } from "../world.ts";
import { mortal, type Mortal } from "./mortal.ts";
import { keysOf, openPress, type Press } from "./press.ts";

/** Runs whose threads hang on the card of an alert. */
const ANSWERS_ALERT: ReadonlySet<string> = new Set(["R2", "R3"]);

/** What happens to a run, one after another. */
const SCRIPT: readonly ((id: string) => readonly RunEvent[])[] = [
  (id) => [started(id, ANSWERS_ALERT.has(id) ? { surface: "slack", alertGroup: GROUP_KEY } : { surface: "cli" })],
  () => checked(),
  () => gateOpened(),
  () => [{ type: "GateExpired", at: T0 + 9000, gate: "step_down.1" }, ...stuck().slice(1)],
  () => [
    { type: "StepSkipped", at: T0 + 9500, step: "step_down", text: "alice skipped it", by: alice },
    ...manualBegun("0 of 3 key shares"),
  ],
  () => [{ type: "Polled", at: T0 + 9600, step: "unseal", progress: "1 of 3 key shares" }],
  () => [{ type: "Polled", at: T0 + 9700, step: "unseal", progress: "2 of 3 key shares" }],
  () => [finished()],
];

type Move =
  | { readonly type: "change"; readonly run: number; readonly note: boolean }
  | { readonly type: "alert"; readonly fires: boolean }
  | { readonly type: "fault"; readonly method: string; readonly fault: Fault }
  | { readonly type: "pass"; readonly ms: number }
  | { readonly type: "stop" | "cut-off" | "crash"; readonly which: number }
  | { readonly type: "down"; readonly ms: number };

const METHODS = ["chat.postMessage", "chat.update", "conversations.history", "conversations.replies", "auth.test"];
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constantFrom<Fault>(
    "after-effect",
    "drop-after-effect",
    { status: 500 },
    { status: 503 },
    { error: "fatal_error" },
  ),
  fc.integer({ min: 1, max: 20 }).map((retryAfter) => ({ status: 429, retryAfter })),
);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ type: fc.constant("change" as const), run: fc.nat(3), note: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("alert" as const), fires: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant("fault" as const), method: fc.constantFrom(...METHODS), fault }),
  },
  { weight: 5, arbitrary: fc.record({ type: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 15_000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom("stop" as const, "cut-off" as const, "crash" as const),
      which: fc.nat(1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("down" as const), ms: fc.integer({ min: 0, max: 60_000 }) }) },
);
const death = fc.record({ at: fc.integer({ min: 5, max: 150 }), after: fc.boolean() });

type Replica = { readonly process: Mortal; readonly publisher: Publisher };

/** Two replicas, each of which is followed by another when it is over. */
function replicas(world: Press, deaths: readonly { readonly at: number; readonly after: boolean }[]) {
  let born = 0;
  const birth = (): Replica => {
    const { at, after } = deaths[born++] ?? { at: Number.POSITIVE_INFINITY, after: false };
    const process = mortal(world, at, after);
    const publisher = world.another({ ...process.reach, logger: silentLogger });
    publisher.start();
    return { process, publisher };
  };
  const living = [birth(), birth()];
  return {
    living,
    bury: () => living.forEach(({ process }, index) => process.isDead() && living.splice(index, 1, birth())),
    follow: (index: number) => void living.splice(index, 1, birth()),
  };
}

async function live(world: Press, moves: readonly Move[], both: ReturnType<typeof replicas>): Promise<void> {
  const told = [0, 0, 0, 0];
  for (const each of moves) {
    both.bury();
    if (each.type === "pass") await world.time.pass(each.ms);
    if (each.type === "fault") world.slack.failNext(each.method, each.fault);
    if (each.type === "down") {
      world.slack.down();
      await world.time.pass(each.ms);
      world.slack.up();
    }
    if (each.type === "change") {
      const id = `R${each.run}`;
      const at = world.time.clock.now();
      const next = SCRIPT[told[each.run] ?? 0];
      // An alert is stored before a run answers it.
      if (ANSWERS_ALERT.has(id) && !world.alerts.all.has(GROUP_KEY)) await world.alert(alertGroup());
      const isOpen = (told[each.run] ?? 0) > 0 && next !== undefined;
      if (each.note && isOpen) world.runs.append(id, { type: "Said", at, text: `${id} at ${at}`, by: undefined });
      else if (next !== undefined) {
        world.runs.append(id, ...next(id));
        told[each.run] = (told[each.run] ?? 0) + 1;
      }
    }
    if (each.type === "alert") {
      const at = world.time.clock.now();
      const change = each.fires ? { startsAt: at, receivedAt: at } : { receivedAt: at };
      await world.alert(alertGroup(each.fires ? "firing" : "resolved", change));
    }
    if (each.type === "crash") both.living[each.which]?.process.kill();
    if (each.type === "stop") {
      const { process, publisher } = both.living[each.which] ?? {};
      // It may die before it has ended.
      if (process?.isDead() === false) void publisher?.stop();
      both.follow(each.which);
    }
    if (each.type === "cut-off") {
      const process = both.living[each.which]?.process;
      process?.lockAnswers(false);
      await world.time.pass(8000);
      process?.lockAnswers(true);
    }
  }
}

/** Everybody is gone but one, and nothing fails any more. */
async function end(world: Press, both: ReturnType<typeof replicas>): Promise<void> {
  for (const { process } of both.living) process.kill();
  await world.time.pass(10_000);
  world.publisher.start();
  await world.time.pass(60_000);
  await world.publisher.idle();
}

async function wantedOf(world: Press, id: string) {
  const loaded = await world.runs.get(id);
  if (loaded === undefined) return [];
  const { clock } = world.time;
  const records = new Map((await world.messages.list(KEYS.run(id))).map((record) => [record.key, record]));
  const drawing = {
    externalUrl: "https://sealwatch.example",
    steps: "classic" as const,
    approversOf: async () => ["U0BOB"],
    facts: async () => undefined,
    waits: { remindAfterMs: 5 * 60_000, escalateAfterMs: 15 * 60_000, escalateTo: undefined },
    permalink: world.outgoing.permalink,
    clock,
    logger: silentLogger,
  };
  return (await drawRun(drawing, loaded, records)).messages;
}

describe("publishers that crash, lose their lock and meet every fault of slack", () => {
  it("make every message true in the end, and post nothing twice", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(move, { minLength: 20, maxLength: 60 }),
        fc.array(death, { maxLength: 6 }),
        async (moves, deaths) => {
          await using world = await openPress({ still: true });
          const both = replicas(world, deaths);
          await live(world, moves, both);
          await end(world, both);
          const keys = keysOf(world.slack);
          expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
          const asked = new Set<string>();
          for (const id of ["R0", "R1", "R2", "R3"])
            for (const wanted of await wantedOf(world, id)) {
              asked.add(wanted.key);
              const shown = world.slack
                .messages()
                .find(({ metadata }) => JSON.stringify(metadata ?? {}).includes(`"key":"${wanted.key}"`));
              expect(shown?.text ?? `nothing under ${wanted.key}`).toContain(fitted(wanted).text);
            }
          const group = world.alerts.all.get(GROUP_KEY);
          const alertCards = world.slack.messages().filter(byKey(KEYS.alertCard(await alertId(GROUP_KEY))));
          const isSaid = [...ANSWERS_ALERT].some((id) => asked.has(KEYS.runCard(id)));
          if (group !== undefined && (isSaid || group.status === "firing")) expect(alertCards).toHaveLength(1);
          for (const card of alertCards)
            expect(card.text).toMatch(group?.status === "firing" ? /^Firing/u : /^Resolved/u);
          asked.add(KEYS.alertCard(await alertId(GROUP_KEY)));
          const closed = world.slack
            .messages()
            .filter(({ metadata }) => !asked.has(/"key":"([^"]+)"/u.exec(JSON.stringify(metadata))?.[1] ?? ""));
          expect(closed.flatMap(buttonsOf)).toEqual([]);
        },
      ),
      { numRuns: Number(process.env["LIVES"] ?? 25) },
    );
  }, 240_000);
});
