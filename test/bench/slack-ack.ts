/*
 * Acknowledges slash commands and clicks that come by signed requests, beside a bare Bolt app (HTTPReceiver, nothing but `ack()`) under the same load
 * in the same run; and once more with a store whose every call takes 300 ms longer. Run with `node test/bench/slack-ack.ts`. Each side is a process of
 * its own, what ours calls in Slack is another, and the sides take turns, so that a busy machine slows both.
 */
import { Agent } from "node:http";
import { postAtRate, type Waits } from "./slack-ack-load.ts";
import { startSide, type Side } from "./slack-ack-sides.ts";
import { median } from "./report.ts";

const TURNS = 10;
const TURN_SECONDS = 4;
/** Slack sends a few a second at most. */
const PER_SECOND = 20;
/** While an incident is at its worst. */
const STORM_PER_SECOND = 50;
const RATIO = 1.5;
const SLOW_MS = 300;
const SLOW_TURNS = 3;

/** The waits of each turn, and the processor's time for one request, in microseconds. */
type Measured = { readonly turns: readonly Waits[]; readonly cpuUs: readonly number[] };
type Kind = keyof Waits;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const write = (line: string): void => void process.stdout.write(`${line}\n`);
const verdict = (met: boolean): string => (met ? "met" : "MISSED");

async function turn(side: Side, before: Measured, perSecond = PER_SECOND): Promise<Measured> {
  const from = await side.cpuUs();
  const waits = await postAtRate({ agent, url: side.url, responseUrl: api.url, perSecond, seconds: TURN_SECONDS });
  const cpuUs = ((await side.cpuUs()) - from) / (perSecond * TURN_SECONDS);
  return { turns: [...before.turns, waits], cpuUs: [...before.cpuUs, cpuUs] };
}

function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function ofAll({ turns }: Measured, kind: Kind, share: number): number {
  return percentile(
    turns.flatMap((waits) => waits[kind]),
    share,
  );
}

function figures(measured: Measured, kind: Kind): string {
  const [p50, p99] = [ofAll(measured, kind, 0.5), ofAll(measured, kind, 0.99)];
  return `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
}

function compare(what: string, kind: Kind, floor: Measured, ours: Measured): void {
  const ratio = ofAll(ours, kind, 0.99) / ofAll(floor, kind, 0.99);
  const target = `target <= ${RATIO}: ${verdict(ratio <= RATIO)}`;
  write(
    `${what}: p99 ${ratio.toFixed(2)} x (${target}); bare Bolt ${figures(floor, kind)}; ours ${figures(ours, kind)}`,
  );
}

await using api = await startSide("api");
await using bare = await startSide("bare");
await using ours = await startSide("ours", api.url);
const nothing: Measured = { turns: [], cpuUs: [] };
// The first turn of each loads and compiles, and is not counted.
for (const side of [bare, ours]) await turn(side, nothing);
const measured = new Map<Side, Measured>();
for (let index = 0; index < TURNS; index += 1) {
  for (const side of index % 2 === 0 ? [bare, ours] : [ours, bare])
    measured.set(side, await turn(side, measured.get(side) ?? nothing));
}
// Only now: what it has not done yet must not take the others' time.
await using slow = await startSide("ours", api.url, SLOW_MS);
await turn(slow, nothing, STORM_PER_SECOND);
for (let index = 0; index < SLOW_TURNS; index += 1)
  measured.set(slow, await turn(slow, measured.get(slow) ?? nothing, STORM_PER_SECOND));
agent.destroy();
const of = (side: Side): Measured => measured.get(side) ?? nothing;
compare(`slash command, ${PER_SECOND} requests a second`, "commands", of(bare), of(ours));
compare(`click, ${PER_SECOND} requests a second`, "clicks", of(bare), of(ours));
write(
  `processor's time for a request and all that follows it: bare Bolt ${median(of(bare).cpuUs).toFixed(0)} us, ours ${median(of(ours).cpuUs).toFixed(0)} us`,
);
const slowest = Math.max(ofAll(of(slow), "commands", 0.99), ofAll(of(slow), "clicks", 0.99));
write(
  `${STORM_PER_SECOND} requests a second with ${SLOW_MS} ms more in every call of the store: command ${figures(of(slow), "commands")}; click ${figures(of(slow), "clicks")} (target p99 <= 300 ms: ${verdict(slowest <= 300)})`,
);
