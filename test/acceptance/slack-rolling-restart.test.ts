import { expect, it } from "@jest/globals";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { describeWith } from "../support/real.ts";
import { PREFIX } from "./rolling/rolling-runbook.ts";
import { CLUSTERS, startRollingWorld, type RollingWorld } from "./rolling/rolling-world.ts";
import { callPeople, startRun, type People, type Pressed } from "./rolling/scripted-people.ts";
import { transitionsOf } from "./rolling/transitions.ts";
import { watchTruth, type Untrue } from "./rolling/truth-watch.ts";

/*
 * Two replicas on one PostgreSQL are replaced one after the other, twice, each at the moment of a click, while three people answer what runs
 * ask: a yes of one, two who type the cluster's name, work that is done; some press the same button at the same time.
 */
/** How long Slack may be untrue after a change. */
const TRUE_WITHIN_MS = 5000;
const REPLACEMENTS = 4;
/** From this one on Slack delivers everything twice. */
const TWICE_FROM = 2;

describeWith(["postgresql"], "a rolling restart of two replicas in the middle of gates", () => {
  it("loses and doubles no click, and leaves no message untrue for more than five seconds", async () => {
    await using world = await startRollingWorld();
    await using watch = watchTruth(world);
    await using people = callPeople(world);
    const starter = keepStarting(world);
    for (let replacement = 0; replacement < REPLACEMENTS; replacement += 1) {
      if (replacement === TWICE_FROM) world.slack.deliverTwice(true);
      await people.nextClick();
      await world.replace(replacement % 2 === 0 ? 0 : 1);
    }
    await starter.callOff();
    await allEnded(world);
    await people.callOff();
    await waitFor("messages that are true", async () => (watch.now().length === 0 ? true : undefined), {
      timeoutMs: TRUE_WITHIN_MS,
    }).catch(() => undefined);
    const untrue = await watch.end();
    process.stdout.write(`${summary(world, people, untrue)}\n`);

    expect({
      notStarted: starter.answers().filter((answer) => !/started/iu.test(answer)),
      lost: lostOf(people.pressed),
      untrue: untrue.filter(({ ms }) => ms > TRUE_WITHIN_MS),
      ...(await judgeRuns(world, people.pressed)),
      errors: world.output().match(/.*(?:"level":[56]0|unhandled|uncaught).*/giu) ?? [],
    }).toEqual({
      notStarted: [],
      lost: [],
      untrue: [],
      unfinished: [],
      brokenChains: [],
      doubled: [],
      unpressed: [],
      calls: [],
      errors: [],
    });
    // A restart that nobody clicks through would prove little.
    expect(people.pressed.length).toBeGreaterThanOrEqual(2 * REPLACEMENTS);
    expect(people.pressed.some(({ seen }) => seen === "told")).toBe(true);
  }, 240_000);
});

/** Lets alice start a run on each cluster, and another as soon as it ended, until she is called off. */
function keepStarting(world: RollingWorld) {
  const ending = new AbortController();
  const answers: string[] = [];
  const starting = CLUSTERS.map(async (cluster) => {
    do {
      world.clusters.get(cluster)?.setLeases({ total: 1, irrevocable: {}, ids: [`${PREFIX}/one`] });
      answers.push(await startRun(world, cluster));
      await allEnded(world, cluster);
    } while (!ending.signal.aborted);
  });
  return {
    answers: (): readonly string[] => answers,
    callOff: async (): Promise<void> => {
      ending.abort();
      await Promise.all(starting);
    },
  };
}

async function allEnded({ store }: RollingWorld, cluster?: string): Promise<void> {
  const open = async () =>
    await store.runs.list({ open: true, limit: 100, ...(cluster === undefined ? {} : { cluster }) });
  // A run that does not end shows in the verdict, with all that is known of it.
  await waitFor("the end of all runs", async () => ((await open()).length === 0 ? true : undefined), {
    timeoutMs: 60_000,
    everyMs: 100,
  }).catch(() => undefined);
}

/** Nobody saw what became of these. */
function lostOf(pressed: readonly Pressed[]): readonly Pressed[] {
  return pressed.filter(({ seen }) => seen !== "done" && seen !== "told");
}

/** Compares what people pressed with the timelines, and the timelines with the calls that reached the clusters. */
async function judgeRuns({ store, clusters }: RollingWorld, pressed: readonly Pressed[]) {
  const done = new Set(pressed.filter(({ seen }) => seen === "done").map(nameOf));
  const found: string[] = [];
  const listed = await store.runs.list({ limit: 100 });
  const brokenChains: string[] = [];
  for (const { id } of listed) {
    const events = (await store.runs.read(id)).map(({ event }) => event);
    found.push(...transitionsOf(events).map((transition) => nameOf({ ...transition, runId: id })));
    if ((await store.runs.verify(id)) !== undefined) brokenChains.push(id);
  }
  return {
    unfinished: listed
      .filter(({ summary: { state } }) => state !== "resolved")
      .map(({ id, summary: { state } }) => ({ id, state })),
    brokenChains,
    doubled: found.filter((name, index) => found.indexOf(name) !== index),
    unpressed: [...found.filter((name) => !done.has(name)), ...[...done].filter((name) => !found.includes(name))],
    calls: [...clusters].flatMap(([name, { calls }]) => {
      const runs = listed.filter(({ summary: { cluster } }) => cluster === name).length;
      const revoked = calls.filter(({ method, path }) => method !== "GET" && path.includes("revoke-prefix")).length;
      return revoked === runs ? [] : [`${name}: ${revoked} calls of ${runs} runs`];
    }),
  };
}

const nameOf = ({ who, runId, what }: { who: string; runId: string; what: string }): string =>
  `${who} ${runId} ${what}`;

function summary({ slack, took }: RollingWorld, { pressed }: People, untrue: readonly Untrue[]): string {
  const count = (seen: string): number => pressed.filter((each) => each.seen === seen).length;
  const calls = (method: string) => slack.calls().filter((call) => call.method === method);
  const minute = Math.max(...calls("chat.update").map((call) => since(calls("chat.update"), call.at)));
  const refused = slack
    .calls()
    .filter(({ ok }) => !ok)
    .map(({ method, error }) => `${method} ${error}`);
  return [
    `rolling restart: ${pressed.length} answers, ${count("done")} done, ${count("told")} told why not; longest untrue:`,
    ...untrue.slice(0, 5).map(({ what, ms }) => `${Math.round(ms)} ms: ${what}`),
    `a replica ended and began anew in ${took.map(({ end, begin }) => `${end} + ${begin}`).join(", ")} ms`,
    `${calls("chat.postMessage").length} posts, ${calls("chat.update").length} edits (${minute} in one minute), refused: ${refused.join(", ")}`,
  ].join("\n  ");
}

function since(calls: readonly { readonly at: number }[], at: number): number {
  return calls.filter((call) => call.at >= at && call.at < at + 60_000).length;
}
