import type { OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import { requireBinary } from "../../support/binaries.ts";
import { oneLine, textsOf } from "../../../src/cli/rehearsal/facts.ts";
import type { CarriedOut, Moment, Scene, Script } from "./carry-out.ts";
import { answeredBy, approvedBy, doneBy } from "./carry-out.ts";
import type { PersonName } from "../../support/slack-people.ts";
import type { DrillWorld } from "./drill-world.ts";

/** The two versions of the drills. */
export const OLD = "2.6.2";
export const NEW = "2.7.2";

/** What people say and confirm before the first node is touched. */
export function preparedBy(person: PersonName): Script {
  return {
    between: answeredBy(person, "2"),
    "notes[0].read": answeredBy(person, "2.7.0"),
    "notes[1].read": answeredBy(person, "2.7.1"),
    notes_of_target: doneBy(person),
    rehearsed: doneBy(person),
    snapshot: approvedBy("bob"),
  };
}

/** The node whose turn the run says it is. */
export function turnOf({ world, loaded: { run } }: Moment): OpenBaoNode {
  if (run.status !== "open" || !("step" in run.phase)) throw new Error("the run stands at no step");
  const round = run.phase.step.replace(/[.]\w+$/u, "");
  const found = run.results[`${round}.order`]?.["next"];
  if (typeof found !== "string")
    throw new Error(`${round}.order named no node: ${Object.keys(run.results).join(", ")}`);
  return world.cluster.node(found);
}

/** The scene in which the node of this turn is stopped, gets the new program, and is started; each is noted. */
export function upgraded(noted: string[]): Scene {
  return async (moment) => {
    const node = turnOf(moment);
    await node.kill("SIGTERM");
    await startedNew(node, noted);
  };
}

/** Starts a stopped node with the new program. */
export async function startedNew(node: OpenBaoNode, noted: string[]): Promise<void> {
  node.useBinary(requireBinary("openbao"));
  await node.start();
  noted.push(node.name);
}

/** The scene in which the holders enter their shares at the node of this turn. */
export const unsealed: Scene = async (moment) => await turnOf(moment).unseal();

/** Everything that people read of a run, in order, with white space joined. */
export async function saidIn(world: DrillWorld, { ended }: CarriedOut): Promise<string> {
  const stored = await world.app.core.store.runs.read(ended.run.id);
  return stored.flatMap(({ event }) => textsOf(event).map(oneLine)).join("\n");
}
