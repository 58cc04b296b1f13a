import type { Gate, OpenRun } from "../../../engine/run.ts";
import type { Clock } from "../../../lib/clock.ts";
import type { Logger } from "../../../lib/logger.ts";
import type { LoadedRun } from "../../../runner/ports.ts";
import { KEYS } from "../../ids.ts";
import type { ClusterFacts } from "../../insight.ts";
import type { Drawn } from "../../render/content.ts";
import { runMessages, type RunContext, type WaitWords } from "../../render/run-messages.ts";
import { sortSlackError } from "../../slack-error.ts";
import type { Records } from "../ledger.ts";

/** What drawing runs needs: as `RunContext`, before anybody was asked. */
export type RunDrawing = Pick<RunContext, "externalUrl" | "steps" | "memberOf"> & {
  /** Gives the member ids of people who may approve a gate of a run. */
  readonly approversOf: (run: OpenRun, gate: Gate) => Promise<readonly string[]>;
  /** Whether one person may go past a gate alone at this moment; default: nobody may. */
  readonly breakGlass?: () => boolean;
  readonly facts: (cluster: string) => Promise<ClusterFacts | undefined>;
  readonly waits: Omit<WaitWords, "postedAt" | "linkOf">;
  /** Gives the address of a message. */
  readonly permalink: (channel: string, ts: string) => Promise<string>;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Draws a run's messages. Drawing itself asks nobody: who may approve the open gates, and how the cluster is, is found out before. */
export async function drawRun(drawing: RunDrawing, loaded: LoadedRun, records: Records): Promise<Drawn> {
  const { run } = loaded;
  const [approvers, facts] = await Promise.all([approversByGate(drawing, run), drawing.facts(run.cluster)]);
  const postedAt = (key: string): number | undefined => timeOf(records.get(key)?.ts);
  const draw = (linkOf: (key: string) => string | undefined): Drawn =>
    runMessages(loaded, {
      externalUrl: drawing.externalUrl,
      steps: drawing.steps,
      now: drawing.clock.now(),
      facts,
      ...(drawing.memberOf !== undefined && { memberOf: drawing.memberOf }),
      breakGlass: drawing.breakGlass?.() ?? false,
      approversOf: (_run, { id }) => approvers.get(id) ?? [],
      waits: { ...drawing.waits, postedAt, linkOf },
    });
  return await withLinks(drawing, records, draw);
}

/** Addresses are asked for only when they are wanted, which is rare: what is drawn with them is drawn again. */
async function withLinks(
  { permalink, logger }: RunDrawing,
  records: Records,
  draw: (linkOf: (key: string) => string | undefined) => Drawn,
): Promise<Drawn> {
  const wanted = new Set<string>();
  const drawn = draw((key) => void wanted.add(key));
  if (wanted.size === 0) return drawn;
  const links = new Map<string, string>();
  for (const key of wanted) {
    const { channel = "", ts } = records.get(key) ?? {};
    if (ts === undefined || records.get(KEYS.escalation(key))?.ts !== undefined) continue;
    try {
      links.set(key, await permalink(channel, ts));
    } catch (error) {
      logger.warn("cannot read a message's address; it is told without", { key, error: sortSlackError(error).kind });
    }
  }
  return draw((key) => links.get(key));
}

/** A gate that mentions nobody is better than none. */
async function approversByGate(
  { approversOf, logger }: RunDrawing,
  run: LoadedRun["run"],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const open = run.status === "open" ? run.gates.filter(({ outcome }) => outcome === "open") : [];
  const found = new Map<string, readonly string[]>();
  if (run.status !== "open") return found;
  for (const { gate } of open)
    try {
      found.set(gate.id, await approversOf(run, gate));
    } catch (error) {
      const name = error instanceof Error ? error.name : "unknown";
      logger.warn("cannot tell who may approve a gate; it mentions nobody", { run: run.id, error: name });
    }
  return found;
}

/** A ts is the time at which Slack took a message, in seconds. */
function timeOf(ts: string | undefined): number | undefined {
  return ts === undefined ? undefined : Math.floor(Number(ts) * 1000);
}
