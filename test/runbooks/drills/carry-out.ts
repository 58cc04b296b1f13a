import type { LoadedRun } from "../../../src/runner/ports.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import type { PersonName } from "../../support/slack-people.ts";
import type { DrillWorld } from "./drill-world.ts";
import { answer, approve, begin, confirmWork, giveUp, retry, type Beginning } from "../../support/slack-hands.ts";

/** Where a run stands and waits for people, as a scene of a drill sees it. */
export type Moment = { readonly world: DrillWorld; readonly loaded: LoadedRun };

/** Scene is what happens when the run waits at a step: people act in Slack, or somebody repairs something outside. */
export type Scene = (moment: Moment) => Promise<void>;

/** What happens at which step; a step inside a loop is named with its round (`rolling[1].restart`) or for all rounds (`rolling.restart`). */
export type Script = Readonly<Record<string, Scene>>;

/** A run that people have carried out, and how long it took. */
export type CarriedOut = { readonly ended: LoadedRun; readonly seconds: number };

/** Long enough for what a real cluster needs between two questions; what is recorded is larger. */
const PATIENCE_MS = process.env["SEALWATCH_RECORD"] === undefined ? 150_000 : 600_000;

/** Begins a run and plays it to its end; a question for which there is no scene fails the drill with the run's own words. */
export async function carryOut(world: DrillWorld, beginning: Beginning, script: Script): Promise<CarriedOut> {
  return await playOut(world, await begin(world, beginning), script);
}

/** Plays a run that has begun to its end. */
export async function playOut(world: DrillWorld, runId: string, script: Script): Promise<CarriedOut> {
  const done = new Set<string>();
  for (;;) {
    const loaded = await seeRun(world, runId, "asks for something", ({ run }) => {
      const asked = questionOf(run);
      return asked !== undefined && !done.has(asked);
    });
    const { run } = loaded;
    if (run.status === "finished") {
      await world.app.slack?.idle();
      return { ended: loaded, seconds: Math.round((run.finishedAt - run.startedAt) / 1000) };
    }
    done.add(questionOf(run) ?? "");
    await sceneFor(loaded, script)({ world, loaded });
  }
}

/** Waits until a run is as wanted; its own words stand in the error. */
export async function seeRun(
  world: DrillWorld,
  runId: string,
  what: string,
  fits: (loaded: LoadedRun) => boolean,
): Promise<LoadedRun> {
  let last: LoadedRun | undefined;
  try {
    return await waitFor(
      `the run ${what}`,
      async () => {
        last = await world.app.core.runs.get(runId);
        return last !== undefined && fits(last) ? last : undefined;
      },
      { timeoutMs: PATIENCE_MS, everyMs: 50 },
    );
  } catch (error) {
    throw new Error(`${what}: ${last === undefined ? "there is no such run" : standing(last)}`, { cause: error });
  }
}

/** The scene in which each of them approves the gate. */
export function approvedBy(...people: readonly PersonName[]): Scene {
  return async ({ world, loaded }) => {
    for (const person of people) {
      const said = await approve(world, loaded, person);
      if (said !== "approved") throw new Error(`${person} was told: ${said}`);
    }
  };
}

/** The scene in which a person says that the work is done. */
export function doneBy(person: PersonName): Scene {
  return async ({ world, loaded }) => await confirmWork(world, loaded, person);
}

/** The scene in which a person answers the question. */
export function answeredBy(person: PersonName, value: string): Scene {
  return async ({ world, loaded }) => {
    const said = await answer(world, loaded, person, value);
    if (said !== "answered") throw new Error(`${person} was told: ${said}`);
  };
}

/** The scene in which somebody repairs something outside, and the run sees it by itself. */
export function mended(deed: (world: DrillWorld) => Promise<unknown>): Scene {
  return async ({ world }) => void (await deed(world));
}

/** The scene in which a failed step is begun again. */
export function triedAgainBy(person: PersonName): Scene {
  return async ({ world, loaded }) => await retry(world, loaded, person);
}

/** The scene in which a person leaves the step out. */
export function skippedBy(person: PersonName, reason: string): Scene {
  return async ({ world, loaded }) => void (await giveUp(world, loaded, person, { what: "skip", reason }));
}

/** The scene in which a person ends the run. */
export function abortedBy(person: PersonName, reason: string): Scene {
  return async ({ world, loaded }) => void (await giveUp(world, loaded, person, { what: "abort", reason }));
}

/** The scene in which a person says of a call of unknown outcome that it took effect, and how they know. */
export function markedDoneBy(person: PersonName, reason: string): Scene {
  return async ({ world, loaded }) => void (await giveUp(world, loaded, person, { what: "markDone", reason }));
}

/** One scene after the other, each time that the run waits at the step once more. */
export function inTurn(...scenes: readonly Scene[]): Scene {
  let turn = 0;
  return async (moment) => {
    const scene = scenes[turn++];
    if (scene === undefined) throw new Error(`no scene is left: ${standing(moment.loaded)}`);
    await scene(moment);
  };
}

/** Names what the run asks for; the same question has the same name. */
function questionOf(run: LoadedRun["run"]): string | undefined {
  if (run.status === "finished") return "end";
  const { phase } = run;
  switch (phase.name) {
    case "gate":
      return `gate:${phase.gate.id}`;
    case "manual":
    case "asking":
    case "stuck":
    case "unknown":
    case "held":
      return `${phase.name}:${phase.step}:${run.steps.find(({ id }) => id === phase.step)?.attempts}`;
    default:
      return undefined;
  }
}

function sceneFor(loaded: LoadedRun, script: Script): Scene {
  const { run } = loaded;
  const step = run.status === "open" && "step" in run.phase ? run.phase.step : "";
  const scene = script[step] ?? script[step.replaceAll(/\[\d+\]/gu, "")];
  if (scene === undefined) throw new Error(`nobody knows what to do: ${standing(loaded)}`);
  return scene;
}

function standing({ run }: LoadedRun): string {
  const where = run.status === "open" ? JSON.stringify(run.phase) : `finished: ${run.result}`;
  const said = run.notes.map(({ text }) => text).slice(-3);
  return `the run is at ${where}; it said last: ${said.join(" | ")}`;
}
