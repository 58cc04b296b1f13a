import { covers, type Actor } from "../../access/person.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { Catalog } from "../bot.ts";
import { context, header, section, type Block } from "../render/content.ts";
import { code, line, mentions } from "../render/mrkdwn.ts";
import { backupLines, drillLines } from "./backup-lines.ts";
import { clusterLines } from "./cluster-lines.ts";
import { gateBlocks } from "./gate-blocks.ts";
import type { HomeState } from "./home-state.ts";
import { titled } from "./lines.ts";
import { openLines, waitingLines } from "./run-lines.ts";
import { runbookBlocks } from "./runbook-blocks.ts";
import { couldApprove } from "./whose-turn.ts";

/** What a person's Home is drawn from. */
export type HomePage = {
  readonly actor: Actor;
  readonly state: HomeState;
  readonly catalog: Catalog;
  readonly externalUrl: string;
  readonly now: Timestamp;
};

/** How much of each list is shown; together they stay below Slack's 100 blocks. */
const MOST = { gates: 6, waiting: 10, open: 20, clusters: 20, backups: 12, drills: 8 } as const;

/** Draws a person's Home: what waits for them first, then what there is to know, then what they may start. */
export function drawHome(page: HomePage): readonly Block[] {
  const { actor, state, catalog, externalUrl, now } = page;
  const mine = gatesOf(page);
  const waiting = waitingLines(state.waiting, actor);
  return [
    header(mine.length + waiting.length === 0 ? "Nothing waits for you" : "This waits for you"),
    ...mine,
    ...titled("Your turn", waiting, MOST.waiting),
    ...titled("Open runs", openLines(state, { catalog, externalUrl }), MOST.open),
    ...titled("Clusters", clusterLines(state.clusters), MOST.clusters),
    ...titled("Backups", backupLines(state.backups), MOST.backups),
    ...titled("Drills due", drillLines(state.drills, now), MOST.drills),
    ...(covers(actor.role, "responder") ? runbookBlocks(catalog) : []),
  ];
}

function gatesOf({ actor, state, now }: HomePage): readonly Block[] {
  const mine = state.waiting.flatMap((waiting) => {
    const { phase } = waiting.run;
    return phase.name === "gate" && couldApprove(actor, waiting.run, phase.gate, now)
      ? [{ waiting, gate: phase.gate }]
      : [];
  });
  const rest = mine.length - MOST.gates;
  return [
    ...mine.slice(0, MOST.gates).flatMap(({ waiting, gate }) => gateBlocks(waiting, gate)),
    ...(rest > 0 ? [context(`and ${rest} more gates; they appear here when these are decided`)] : []),
  ];
}

/** Draws the Home of somebody who has no role: whom to ask, and what to tell them. */
export function drawStranger(actor: Actor, slackId: string, askWhom: readonly string[]): readonly Block[] {
  const who = mentions(askWhom.slice(0, 5));
  const ask = who === "" ? "whoever keeps sealwatch's configuration" : who;
  const untold = actor.standing?.untold ?? [];
  return [
    header("You have no role here yet"),
    section(
      `sealwatch watches Vault and walks people through repairs. To see anything you need a role: ask ${ask} to add you to \`access\`, with your member id ${code(slackId)}.`,
    ),
    ...(untold.length === 0 ? [] : [section(`:warning: It may be otherwise: ${line(untold.join("; "), 1000)}.`)]),
  ];
}

/** Draws what every Home ends with. It is no part of what is compared: only when something else changed is it sent. */
export function footer(now: string): Block {
  return context(`as of ${now}; while you look it follows within ten seconds, for ten minutes`, "`/vault help`");
}
