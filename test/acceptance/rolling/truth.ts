import { replay } from "../../../src/engine/evolve.ts";
import type { GateRecord } from "../../../src/engine/run.ts";
import { isPart } from "../../../src/sandbox/slack/part.ts";
import type { StandInMessage } from "../../../src/sandbox/slack/workspace.ts";
import { ACTIONS, KEYS, writeValue } from "../../../src/slack/ids.ts";
import { outcomeHead } from "../../../src/slack/render/gate-outcome.ts";
import { isAsked } from "../../../src/slack/render/gate.ts";
import { nowWords, type AnyRun } from "../../../src/slack/render/run-words.ts";
import type { Store } from "../../../src/store/store.ts";
import { buttonsOf } from "./scripted-people.ts";

/** The buttons by which people answer a question. */
const ANSWERS: readonly string[] = [ACTIONS.approve, ACTIONS.confirmGate, ACTIONS.reject, ACTIONS.manualDone];

/** Loads a run as it is stored at this moment. */
export async function loadRun({ runs }: Store, runId: string): Promise<AnyRun> {
  const run = replay((await runs.read(runId)).map(({ event }) => event));
  if (run.status === "none") throw new Error(`there is no run ${runId}`);
  return run;
}

/** Says in words what is untrue in Slack about a run; nothing when every message is as the stored state says. */
export function untruthsOf(run: AnyRun, messages: readonly StandInMessage[]): readonly string[] {
  const byKey = ofRun(run, messages);
  return [
    ...[...byKey].filter(([, found]) => found.length > 1).map(([key]) => `${key} was posted twice`),
    ...cardUntruths(run, byKey),
    ...run.gates.flatMap((record) => gateUntruths(run, record, byKey)),
    ...workUntruths(run, byKey),
    ...(run.status === "finished" && !byKey.has(KEYS.end(run.id)) ? [`${run.id} has no end`] : []),
  ];
}

type ByKey = ReadonlyMap<string, readonly StandInMessage[]>;

/** The messages of a run by the keys in their metadata. */
function ofRun(run: AnyRun, messages: readonly StandInMessage[]): ByKey {
  const byKey = new Map<string, StandInMessage[]>();
  for (const message of messages)
    for (const key of keysOf(message))
      if (key.startsWith(KEYS.run(run.id))) byKey.set(key, [...(byKey.get(key) ?? []), message]);
  return byKey;
}

function keysOf({ metadata }: StandInMessage): readonly string[] {
  const payload = metadata?.["event_payload"];
  if (!isPart(payload)) return [];
  const all: unknown[] = Array.isArray(payload["keys"]) ? payload["keys"] : [payload];
  return all.flatMap((each) => (isPart(each) && typeof each["key"] === "string" ? [each["key"]] : []));
}

function cardUntruths(run: AnyRun, byKey: ByKey): readonly string[] {
  const [card] = byKey.get(KEYS.runCard(run.id)) ?? [];
  const words = nowWords(run);
  if (card === undefined) return [`${run.id} has no card: ${words}`];
  const isTold = saysText(card, words);
  const hasButtons = buttonsOf(card).length > 0;
  return [
    ...(isTold ? [] : [`the card of ${run.id} does not say "${words}"`]),
    ...(run.status === "finished" && hasButtons ? [`the card of ${run.id} has buttons although it ended`] : []),
  ];
}

function gateUntruths(run: AnyRun, record: GateRecord, byKey: ByKey): readonly string[] {
  const { gate } = record;
  const key = KEYS.gate(run.id, gate.id);
  const [message] = byKey.get(key) ?? [];
  if (message === undefined) return [`there is no message of ${key}`];
  const live = buttonsOf(message).filter(({ action }) => ANSWERS.includes(action));
  const unnamed = gate.votes.filter(({ by }) => !saysText(message, by.name)).map(({ by }) => by.name);
  const asks = isAsked(run, record);
  return [
    ...(asks && !live.some(({ value }) => value === writeValue(run.id, gate.id)) ? [`${key} has no buttons`] : []),
    ...(!asks && live.length > 0 ? [`${key} is ${record.outcome} and has live buttons`] : []),
    ...(!asks && !saysText(message, outcomeHead(record)) ? [`${key} does not say ${outcomeHead(record)}`] : []),
    ...unnamed.map((name) => `${key} does not name ${name}`),
  ];
}

/** Work for a person has buttons while the run is at it, and only then. */
function workUntruths(run: AnyRun, byKey: ByKey): readonly string[] {
  const at = run.status === "open" && run.phase.name === "manual" ? run.phase.step : undefined;
  const asked = [...byKey].filter(([key]) => key.startsWith(`${KEYS.run(run.id)}manual:`));
  const live = asked.flatMap(([key, found]) =>
    found.flatMap(buttonsOf).flatMap(({ action, value }) => (action === ACTIONS.manualDone ? [{ key, value }] : [])),
  );
  const stale = live.filter(({ value }) => at === undefined || value !== writeValue(run.id, at));
  return [
    ...stale.map(({ key }) => `${key} is over and has live buttons`),
    ...(at !== undefined && live.length === stale.length ? [`${run.id} asks for ${at} and nobody can press`] : []),
  ];
}

function saysText(message: StandInMessage, text: string): boolean {
  return JSON.stringify(message.blocks).includes(JSON.stringify(text).slice(1, -1));
}
