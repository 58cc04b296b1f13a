import { setTimeout as delay } from "node:timers/promises";
import { isPart, type Part } from "../../../src/sandbox/slack/part.ts";
import type { StandInMessage } from "../../../src/sandbox/slack/workspace.ts";
import { ACTIONS, BLOCKS, readValue, VIEWS } from "../../../src/slack/ids.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { RUNBOOK } from "./rolling-runbook.ts";
import { MEMBERS, type RollingWorld, type Who } from "./rolling-world.ts";
import { transitionsOf } from "./transitions.ts";

/** What one person pressed, and what they saw of it. */
export type Pressed = {
  readonly who: Who;
  readonly runId: string;
  /** The gate or the step. */
  readonly what: string;
  /** `done`: the run has it. `told`: a sentence for the person alone. Anything else is a click that was lost, in words. */
  readonly seen: "done" | "told" | (string & {});
};

/** People who answer whatever a run asks of them, until they are called off. */
export type People = AsyncDisposable & {
  readonly pressed: readonly Pressed[];
  /** Resolves at the moment of the next click, as it leaves the person's hand; gives up after half a minute. */
  readonly nextClick: () => Promise<void>;
  /** Ends when whoever is in the middle of something has done it. */
  readonly callOff: () => Promise<void>;
};

/** An answer, or what became of the question, must be seen within this, in milliseconds. */
const PATIENCE_MS = 5000;

/** What each person presses. Some questions have two who press at the same time: one of them is told that it is done. */
const JOBS: Readonly<Record<Who, readonly string[]>> = {
  alice: [ACTIONS.manualDone, ACTIONS.approve],
  bob: [ACTIONS.manualDone, ACTIONS.confirmGate],
  carol: [ACTIONS.approve, ACTIONS.confirmGate],
};

/** How long people look at a question before they press, and at a form before they submit it, in milliseconds. */
const THINK_MS = 4000;
const READ_MS = 700;
const LOOK_EVERY_MS = 50;
const MOST_TRIES = 3;

/** What a person reads who started a run: no answer to a click. */
const STARTED = /^Started run `(?<runId>[^`]+)`/u;

/** Lets alice start a run by a command, and gives the answer that she read; other runs of hers may be answered at the same time. */
export async function startRun(world: RollingWorld, cluster: string): Promise<string> {
  const { slack } = world;
  const before = slack.ephemerals(MEMBERS.alice).length;
  const { outcome } = await slack.as(MEMBERS.alice).slash("/vault", `runbook ${RUNBOOK} ${cluster}`);
  if (outcome !== "acked") return `Slack said of the command: ${outcome}`;
  const answer = async (): Promise<string | undefined> => {
    for (const { text } of slack.ephemerals(MEMBERS.alice).slice(before)) {
      const runId = STARTED.exec(text)?.groups?.["runId"];
      if (runId !== undefined && (await clusterOf(world, runId)) === cluster) return text;
    }
    return undefined;
  };
  return await waitFor("the answer to the command", answer, { timeoutMs: PATIENCE_MS }).catch(() => "no answer");
}

/** Puts everybody to work. */
export function callPeople(world: RollingWorld): People {
  const ending = new AbortController();
  const pressed: Pressed[] = [];
  let clicking = Promise.withResolvers<void>();
  const clicked = (): void => {
    clicking.resolve();
    clicking = Promise.withResolvers<void>();
  };
  const work = async (who: Who): Promise<void> => {
    const tries = new Map<string, number>();
    while (!ending.signal.aborted) {
      const question = findQuestion(world, who, ({ id }) => (tries.get(id) ?? 0) < MOST_TRIES);
      if (question === undefined) {
        await delay(LOOK_EVERY_MS);
        continue;
      }
      await delay(THINK_MS);
      const { runId, what } = readValue(question.value);
      const seen = await press(world, { who, ...question, clicked }).catch(
        (error: unknown) => `no way to go on: ${String(error)}`,
      );
      pressed.push({ who, runId, what, seen });
      // Whoever saw nothing presses again, as anybody would: the run goes on, and the click is lost all the same.
      const isAnswered = seen === "done" || seen === "told";
      tries.set(question.id, isAnswered ? MOST_TRIES : (tries.get(question.id) ?? 0) + 1);
    }
  };
  const hands = (Object.keys(JOBS) as Who[]).map(work);
  const callOff = async (): Promise<void> => {
    ending.abort();
    await Promise.all(hands);
  };
  return {
    pressed,
    nextClick: async () => await Promise.race([clicking.promise, delay(30_000, undefined, { ref: false })]),
    callOff,
    [Symbol.asyncDispose]: callOff,
  };
}

type Question = {
  readonly id: string;
  readonly message: StandInMessage;
  readonly action: string;
  readonly value: string;
};

/** The oldest message with a button for this person that they still want to press. */
function findQuestion({ slack }: RollingWorld, who: Who, wants: (question: Question) => boolean): Question | undefined {
  for (const message of slack.messages())
    for (const { action, value } of buttonsOf(message)) {
      const question = { id: `${message.ts} ${action} ${value}`, message, action, value };
      if (JOBS[who].includes(action) && wants(question)) return question;
    }
  return undefined;
}

/** Gives the buttons that stand in a message. */
export function buttonsOf({ blocks }: StandInMessage): readonly { readonly action: string; readonly value: string }[] {
  const elements = blocks.flatMap((block) =>
    Array.isArray(block["elements"]) ? (block["elements"] as unknown[]) : [],
  );
  return elements
    .filter((element): element is Part => isPart(element) && element["type"] === "button")
    .map((button) => ({ action: String(button["action_id"]), value: String(button["value"]) }));
}

type Press = Omit<Question, "id"> & { readonly who: Who; readonly clicked: () => void };

/** Presses and gives what the person saw. The message is the one that they had before them, however old it is by now. */
async function press(world: RollingWorld, { who, message, action, value, clicked }: Press): Promise<Pressed["seen"]> {
  const { slack } = world;
  const { runId, what } = readValue(value);
  const told = refusalsFor(world, who);
  const click = slack.as(MEMBERS[who]).click(message, action, value);
  clicked();
  const { outcome } = await click;
  if (outcome !== "acked") return `Slack said of the click: ${outcome}`;
  if (action !== ACTIONS.confirmGate) return await outcomeOf(world, { who, runId, what, told });
  const form = await slack.waitForView(MEMBERS[who], VIEWS.confirmGate, PATIENCE_MS).catch(() => undefined);
  if (form === undefined) return wordsOfForms(world, who, told);
  await delay(READ_MS);
  const submission = slack.as(MEMBERS[who]).submit(form.id, { [BLOCKS.phrase]: await clusterOf(world, runId) });
  clicked();
  const submitted = await submission;
  if (submitted.outcome === "errors") {
    await slack.as(MEMBERS[who]).close(form.id);
    return "told";
  }
  if (submitted.outcome !== "closed") return `Slack said of the form: ${submitted.outcome}`;
  return await outcomeOf(world, { who, runId, what, told });
}

type Asked = { readonly who: Who; readonly runId: string; readonly what: string; readonly told: number };

/** Waits for what a person sees of a click: that the run took it, or a sentence. */
async function outcomeOf(world: RollingWorld, { who, runId, what, told }: Asked): Promise<Pressed["seen"]> {
  const look = async (): Promise<"done" | "told" | undefined> => {
    const events = (await world.store.runs.read(runId)).map(({ event }) => event);
    if (transitionsOf(events).some((each) => each.what === what && each.who === who)) return "done";
    return refusalsFor(world, who) > told ? "told" : undefined;
  };
  return await waitFor("an answer", look, { timeoutMs: PATIENCE_MS }).catch(() => "no answer");
}

/** There is no form to fill: a notice in its place, or a sentence, says why; a form that still loads says nothing. */
function wordsOfForms(world: RollingWorld, who: Who, told: number): Pressed["seen"] {
  const [view] = world.slack.views(MEMBERS[who]).slice(-1);
  if (refusalsFor(world, who) > told) return "told";
  if (view === undefined) return "no form, and no answer";
  const text = JSON.stringify(view.view);
  return text.includes("closed") ? "told" : `a form that is none: ${text.slice(0, 300)}`;
}

/** Counts the sentences that only this person saw, and that are about what they pressed. */
function refusalsFor({ slack }: RollingWorld, who: Who): number {
  return slack.ephemerals(MEMBERS[who]).filter(({ text }) => !STARTED.test(text)).length;
}

async function clusterOf({ store }: RollingWorld, runId: string): Promise<string> {
  const [first] = await store.runs.read(runId);
  return first?.event.type === "RunStarted" ? first.event.cluster : "";
}
