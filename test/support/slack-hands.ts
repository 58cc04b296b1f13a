import type { App } from "../../src/app/app.ts";
import type { LoadedRun } from "../../src/runner/ports.ts";
import type { SlackStandIn } from "../../src/sandbox/slack/stand-in.ts";
import type { StandInMessage } from "../../src/sandbox/slack/workspace.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { ACTIONS, BLOCKS, COMMAND, VIEWS } from "../../src/slack/ids.ts";
import { PEOPLE, type PersonName } from "./slack-people.ts";

const PATIENCE_MS = 30_000;

/** sealwatch, the stand-in for Slack, and what says as Alertmanager that an alert fires. */
export type SlackWorld = {
  readonly app: App;
  readonly slack: SlackStandIn;
  readonly alert: (status: "firing" | "resolved", labels: Readonly<Record<string, string>>) => Promise<void>;
};

/** How a run begins: an alert's card and its button, or a typed command. */
export type Beginning =
  | { readonly alert: string; readonly labels?: Readonly<Record<string, string>>; readonly by?: PersonName }
  | { readonly command: string; readonly by?: PersonName };

/** Begins a run in Slack and gives its id. */
export async function begin(world: SlackWorld, beginning: Beginning): Promise<string> {
  const { slack, app } = world;
  const hands = slack.as(PEOPLE[beginning.by ?? "alice"]);
  const before = new Set((await app.core.runs.list({ limit: 100 })).map(({ run }) => run.id));
  if ("alert" in beginning) {
    await world.alert("firing", { alertname: beginning.alert, ...beginning.labels });
    const card = await slack.waitForMessage(
      (message) =>
        message.threadTs === undefined && holds(message, beginning.alert, `"action_id":"${ACTIONS.openRunbook}"`),
      PATIENCE_MS,
    );
    await hands.click(card.ts, ACTIONS.openRunbook);
  } else {
    // Right after the start the bot may not be connected yet; Slack then says "dispatch_failed", and a person types again.
    await waitFor("the command taken", async () => {
      const { outcome } = await hands.slash(COMMAND, beginning.command);
      return outcome === "acked" ? true : undefined;
    });
  }
  return await waitFor(
    "a new run",
    async () => (await app.core.runs.list({ limit: 100 })).find(({ run }) => !before.has(run.id))?.run.id,
    { timeoutMs: PATIENCE_MS },
  );
}

/** Presses "Done" under a manual step. */
export async function confirmWork(world: SlackWorld, { run }: LoadedRun, person: PersonName): Promise<void> {
  const message = await asking(world, run.id, `manual:${stepOf(run)}:`);
  await world.slack.as(PEOPLE[person]).click(message.ts, ACTIONS.manualDone);
}

/** Presses "Answer" under a question and gives the answer; gives "answered" or what the person was told. */
export async function answer(
  world: SlackWorld,
  { run }: LoadedRun,
  person: PersonName,
  value: string,
): Promise<string> {
  const message = await asking(world, run.id, `asking:${stepOf(run)}:`);
  const hands = world.slack.as(PEOPLE[person]);
  await hands.click(message.ts, ACTIONS.answer);
  return await submit(world, person, VIEWS.answer, { [BLOCKS.answer]: value }, "answered");
}

/** Approves the gate that stands open, typing the phrase if one is asked for; gives "approved" or what the person was told. */
export async function approve(
  world: SlackWorld,
  { run }: LoadedRun,
  person: PersonName,
  phrase = "prod",
): Promise<string> {
  if (run.status !== "open" || run.phase.name !== "gate")
    throw new Error(`the run stands at no gate: ${run.status === "open" ? JSON.stringify(run.phase) : "it is over"}`);
  const { gate } = run.phase;
  const action = gate.phrase === undefined ? ACTIONS.approve : ACTIONS.confirmGate;
  const message = await world.slack.waitForMessage(
    (candidate) => holds(candidate, `"action_id":"${action}"`, `${run.id}:${gate.id}`),
    PATIENCE_MS,
  );
  await world.slack.as(PEOPLE[person]).click(message.ts, action);
  if (gate.phrase === undefined) return "approved";
  return await submit(world, person, VIEWS.confirmGate, { [BLOCKS.phrase]: phrase }, "approved");
}

/** Presses "Try again" where a step failed. */
export async function retry(world: SlackWorld, { run }: LoadedRun, person: PersonName): Promise<void> {
  const message = await asking(world, run.id, `stuck:${stepOf(run)}:`);
  await world.slack.as(PEOPLE[person]).click(message.ts, ACTIONS.retry);
}

/** Presses "Skip", "Abort" or "It took effect" and gives the reason; gives the given word or what the person was told. */
export async function giveUp(
  world: SlackWorld,
  { run }: LoadedRun,
  person: PersonName,
  how: { readonly what: "skip" | "abort" | "markDone"; readonly reason: string },
): Promise<string> {
  const action = ACTIONS[how.what];
  // The message of an earlier question keeps its buttons until Slack has taken the edit.
  const question = how.what === "abort" ? "" : `run:${run.id}/${questionOf(run)}`;
  const message = await world.slack.waitForMessage(
    (candidate) =>
      JSON.stringify(candidate.metadata ?? {}).includes(question) &&
      holds(candidate, `"action_id":"${action}"`, run.id),
    PATIENCE_MS,
  );
  await world.slack.as(PEOPLE[person]).click(message.ts, action);
  return await submit(world, person, VIEWS[how.what], { [BLOCKS.reason]: how.reason }, how.what);
}

/** Presses "Reject" at the gate that stands open and says why; gives "rejected" or what the person was told. */
export async function reject(
  world: SlackWorld,
  { run }: LoadedRun,
  person: PersonName,
  reason: string,
): Promise<string> {
  const message = await world.slack.waitForMessage(
    (candidate) => holds(candidate, `"action_id":"${ACTIONS.reject}"`, run.id),
    PATIENCE_MS,
  );
  await world.slack.as(PEOPLE[person]).click(message.ts, ACTIONS.reject);
  return await submit(world, person, VIEWS.rejectGate, { [BLOCKS.reason]: reason }, "rejected");
}

async function submit(
  world: SlackWorld,
  person: PersonName,
  form: string,
  values: Readonly<Record<string, string>>,
  word: string,
): Promise<string> {
  const [block = ""] = Object.keys(values);
  const view = await waitFor(
    `${form} of ${person}`,
    async () =>
      world.slack
        .views(PEOPLE[person])
        .find(({ view: drawn, id }) => id !== "" && JSON.stringify(drawn).includes(`"${block}"`)),
    { timeoutMs: PATIENCE_MS },
  );
  const hands = world.slack.as(PEOPLE[person]);
  const outcome = await hands.submit(view.id, values);
  if (outcome.outcome !== "errors") return word;
  await hands.close(view.id);
  return Object.values(outcome.errors).join(" ");
}

async function asking(world: SlackWorld, runId: string, key: string): Promise<StandInMessage> {
  return await world.slack.waitForMessage(
    (message) => JSON.stringify(message.metadata ?? {}).includes(`run:${runId}/${key}`) && holds(message, "action_id"),
    PATIENCE_MS,
  );
}

/** Whether a message's blocks hold all these texts. */
export function holds(message: StandInMessage, ...texts: readonly string[]): boolean {
  const json = JSON.stringify(message.blocks);
  return texts.every((text) => json.includes(text));
}

/** The beginning of the key of the message that asks what the run waits for. */
function questionOf(run: LoadedRun["run"]): string {
  if (run.status !== "open") return "";
  return run.phase.name === "unknown" ? "unknown:" : `${run.phase.name}:${stepOf(run)}:`;
}

function stepOf(run: LoadedRun["run"]): string {
  return run.status === "open" && "step" in run.phase ? run.phase.step : "";
}
