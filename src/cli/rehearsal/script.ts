import type { Actor } from "../../access/person.ts";
import type { OpenRun, Phase } from "../../engine/run.ts";
import type { RunRequest } from "../../runner/ports.ts";
import { deedsOf, type Deed, type RunbookTestFile, type Scene } from "./test-file.ts";

/** The people of every test. */
const REGULARS: RunbookTestFile["people"] = {
  starter: { role: "responder", groups: [] },
  approver: { role: "approver", groups: [] },
  second: { role: "approver", groups: [] },
  admin: { role: "admin", groups: [] },
  viewer: { role: "viewer", groups: [] },
};

/** Lists the people of a test file. */
export function castOf(people: RunbookTestFile["people"]): ReadonlyMap<string, Actor> {
  return new Map(
    Object.entries({ ...REGULARS, ...people }).map(([name, { role, groups }]) => [
      name,
      { id: name, name: `the ${name}`, role, groups: [...groups] },
    ]),
  );
}

/** Tells what a scene has somebody do. */
export function deedOf(scene: Scene): Deed {
  const [deed] = deedsOf(scene);
  if (deed === undefined) throw new Error("a scene without a deed was let pass by its schema");
  return deed;
}

/** Lists who does it, in order; nobody does what the clock or Alertmanager does. */
export function actorsOf(scene: Scene): readonly string[] {
  const deed = deedOf(scene);
  if (deed === "expire" || deed === "alert") return [];
  return typeof scene.by === "string" ? [scene.by] : scene.by;
}

/** Where people see a run stand still, be it for themselves or for the world. */
const STANDS: readonly Phase["name"][] = ["gate", "asking", "manual", "waiting", "locking", "held", "stuck", "unknown"];

/** Where a deed is possible; those that are not listed are wherever the run stands, and with `after` at any moment. */
const PHASES: Partial<Record<Deed, readonly Phase["name"][]>> = {
  approve: ["gate"],
  reject: ["gate"],
  expire: ["gate"],
  breakGlass: ["gate"],
  confirm: ["manual"],
  answer: ["asking"],
  retry: ["stuck", "unknown"],
  reopen: ["held"],
  skip: ["stuck", "waiting", "manual", "asking", "locking", "held"],
  markDone: ["unknown"],
};

/** Says whether a scene is played where the run stands. What is to be refused may be tried anywhere at its step. */
export function fits(scene: Scene, run: OpenRun): boolean {
  const { phase } = run;
  if (phase.name === "between" || phase.step !== scene.at) return false;
  if (scene.refused !== undefined) return STANDS.includes(phase.name);
  const possible = PHASES[deedOf(scene)] ?? STANDS;
  return possible.includes(phase.name) || (possible === STANDS && scene.after !== undefined);
}

/** Says whether the run stands still until a human does something. */
export function waitsForHuman({ phase }: OpenRun): boolean {
  if (phase.name === "manual") return phase.watch === undefined;
  return ["gate", "held", "asking", "stuck", "unknown"].includes(phase.name);
}

/** Gives what a person asks of the run in a scene. */
// oxlint-disable-next-line complexity -- one case a deed
export function requestOf(scene: Scene, by: Actor, { run, cast }: Standing): RunRequest {
  const { id: runId, phase, cluster } = run;
  const { at: step } = scene;
  const gateId = phase.name === "gate" ? phase.gate.id : (run.gates.at(-1)?.gate.id ?? "none");
  const common = { runId, by };
  const deed = deedOf(scene);
  const words = String(scene[deed]);
  switch (deed) {
    case "approve":
      return {
        ...common,
        type: "approve",
        gateId,
        ...seen(phase),
        ...(scene.approve === true ? {} : { phrase: words }),
      };
    case "breakGlass":
      return { ...common, type: "approve", gateId, phrase: cluster, breakGlass: { reason: words } };
    case "reject":
      return { ...common, type: "reject", gateId, reason: words };
    case "confirm":
      return { ...common, type: "confirm-manual", step };
    case "answer":
      return { ...common, type: "answer", step, value: words };
    case "retry":
      return { ...common, type: "retry", step, ...(scene.retry === true ? {} : { reason: words }) };
    case "reopen":
      return { ...common, type: "reopen", step };
    case "skip":
      return { ...common, type: "skip", step, reason: words };
    case "markDone":
      return { ...common, type: "mark-done", step, reason: words };
    case "note":
      return { ...common, type: "note", text: words };
    case "assign":
      return { ...common, type: "assign", to: personNamed(cast, words) };
    case "breakLock":
      return { ...common, type: "break-lock", reason: words };
    default:
      return { ...common, type: "abort", reason: words };
  }
}

/** What the words of a request depend on. */
type Standing = { readonly run: OpenRun; readonly cast: ReadonlyMap<string, Actor> };

/** Finds somebody of the cast; a test file that names anybody else is refused before it is played. */
export function personNamed(cast: ReadonlyMap<string, Actor>, name: string): Actor {
  const person = cast.get(name);
  if (person === undefined) throw new Error(`nobody is called ${name}`);
  return person;
}

function seen(phase: Phase): { readonly planHash?: string } {
  return phase.name === "gate" ? { planHash: phase.gate.planHash } : {};
}

/** Says where a run stands. */
export function standing({ phase }: OpenRun): string {
  return phase.name === "between" ? "the run stands nowhere" : `the run stands at "${phase.step}" (${phase.name})`;
}
