import type { AlertFact, AlertGroup } from "../../runner/ports.ts";
import { formatDuration } from "../../lib/duration.ts";
import { ACTIONS } from "../ids.ts";
import { buttons, context, header, section, type Block, type Button, type Content } from "./content.ts";
import { bold, code, line, link, time } from "./mrkdwn.ts";
import { pageOf } from "./run-card.ts";
import { nowWords, type AnyRun } from "./run-words.ts";

const SHOWN_NODES = 6;
const SHOWN_ALERTS = 4;
const SHOWN_RUNS = 5;
const SHOWN_RUNBOOKS = 3;
const SUMMARY = 400;

/** A runbook that an alert's card offers. */
export type OfferedRunbook = {
  readonly id: string;
  readonly title: string;
  /** Whether something that it needs is in no label of the alert: then the button opens a form. */
  readonly asks?: boolean;
};

/** What an alert's card needs. */
export type AlertCard = {
  readonly group: AlertGroup;
  /** The short id that the button carries. */
  readonly id: string;
  /** The runbook that answers it, if any. */
  readonly runbook: OfferedRunbook | undefined;
  /** Others that list the alert too. */
  readonly others?: readonly OfferedRunbook[];
  /** Runs of this group, newest first. */
  readonly runs: readonly AnyRun[];
  readonly externalUrl: string;
};

/** Draws an alert group: what, where, since when, who is on it, where to read on, and the buttons that open its runbooks. */
export function alertCard(card: AlertCard): Content {
  const { group } = card;
  const resolved = group.status === "resolved";
  const nobody = !resolved && card.runbook !== undefined && !card.runs.some(({ status }) => status === "open");
  const blocks: readonly Block[] = [
    header(alertNames(group)),
    section(`${stateWords(group)}\n${where(group)}`),
    ...nodeBlocks(group),
    ...card.runs.slice(0, SHOWN_RUNS).map((run) => runLine(run, card.externalUrl)),
    context(
      nobody ? ":zzz: nobody is on it yet" : undefined,
      ...links(card),
      card.runbook === undefined ? "no runbook answers this alert; see `/vault runbook`" : undefined,
    ),
    ...(resolved || card.runbook === undefined ? [] : openButtons(card, card.runbook)),
  ];
  return { text: `${resolved ? "Resolved" : "Firing"}: ${line(alertNames(group))} ${where(group)}`, blocks };
}

/** Gives the names of a group's alerts, as they are. */
export function alertNames({ alerts }: AlertGroup): string {
  const found = [...new Set(alerts.map(({ labels }) => labels["alertname"] ?? "Alert without a name"))];
  return found.length === 0 ? "Alert" : found.join(", ");
}

function stateWords({ status, alerts, startsAt, receivedAt }: AlertGroup): string {
  const firing = alerts.filter((alert) => alert.status === "firing").length;
  const counts = alerts.length < 2 ? "" : ` · ${firing} firing, ${alerts.length - firing} resolved`;
  if (status === "firing") return `:rotating_light: *Firing* since ${time(startsAt)}${counts}`;
  const lasted = receivedAt > startsAt ? ` after ${formatDuration(receivedAt - startsAt)}` : "";
  return `:white_check_mark: *Resolved* ${time(receivedAt)}${lasted}`;
}

/** One row for each: a row cannot have an action id twice. */
function openButtons(card: AlertCard, runbook: OfferedRunbook): readonly Block[] {
  const value = `alert:${card.id}`;
  const asks = runbook.asks === true;
  const action = asks ? ACTIONS.openRunbookForm : ACTIONS.openRunbook;
  const text = `Open runbook: ${runbook.title}${asks ? "…" : ""}`;
  const others = (card.others ?? []).slice(0, SHOWN_RUNBOOKS).map((other): Button => ({
    action: ACTIONS.openRunbookForm,
    text: `${other.title}…`,
    value: `${value}:${other.id}`,
  }));
  return [buttons({ action, text, value, style: "primary" }), ...others.map((button) => buttons(button))];
}

const WHERE: readonly (readonly [label: string, word: string])[] = [
  ["severity", "severity"],
  ["vault_cluster", "cluster"],
  ["vault_node", "node"],
];

function where(group: AlertGroup): string {
  const parts = WHERE.map(([label, word]) => [word, valuesOf(group, label)] as const).filter(
    ([, values]) => values.length > 0,
  );
  return parts
    .map(([word, values]) => {
      const more = values.length > 10 ? ` and ${values.length - 10} more` : "";
      return `${word} ${values
        .slice(0, 10)
        .map((value) => code(value, 60))
        .join(" ")}${more}`;
    })
    .join(" · ");
}

function valuesOf(group: AlertGroup, label: string): readonly string[] {
  return [...new Set(group.alerts.map((alert) => alert.labels[label]).filter((value) => value !== undefined))];
}

/** What one node has stands together; what still fires comes first. */
function nodeBlocks({ alerts }: AlertGroup): readonly Block[] {
  const nodes = [...Map.groupBy(alerts, ({ labels }) => labels["vault_node"])].toSorted(
    ([, left], [, right]) => firingOf(right) - firingOf(left),
  );
  const texts = nodes.slice(0, SHOWN_NODES).map(([node, held]) => nodeText(node, held, nodes.length > 1));
  const hidden = nodes.slice(SHOWN_NODES).reduce((sum, [, held]) => sum + held.length, 0);
  return [
    ...texts.map(section),
    ...(hidden > 0 ? [section(`_and ${hidden} more of ${nodes.length - SHOWN_NODES} other nodes_`)] : []),
  ];
}

function firingOf(alerts: readonly AlertFact[]): number {
  return alerts.filter(({ status }) => status === "firing").length;
}

function nodeText(node: string | undefined, alerts: readonly AlertFact[], named: boolean): string {
  const sorted = alerts.toSorted((left, right) => firingOf([right]) - firingOf([left]));
  const lines = sorted.slice(0, SHOWN_ALERTS).map(alertLine);
  const more = alerts.length - lines.length;
  const title = named ? [node === undefined ? "*no single node*" : bold(node)] : [];
  return [...title, ...lines, ...(more > 0 ? [`_and ${more} more_`] : [])].join("\n");
}

function alertLine({ status, annotations, labels }: AlertFact): string {
  const said =
    annotations["summary"] ?? annotations["description"] ?? annotations["message"] ?? labels["alertname"] ?? "";
  return `${status === "resolved" ? ":white_check_mark:" : ":red_circle:"} ${line(said, SUMMARY)}`;
}

/** An address that is not ours is shown with its host: whoever wrote the rule may lead anywhere. */
function links({ group, externalUrl }: AlertCard): readonly string[] {
  const pages = [...new Set(group.alerts.map((alert) => alert.annotations["runbook_url"]))].slice(0, 3);
  const label = (page: string | undefined): string => {
    const host = hostOf(page);
    return host === undefined || host === hostOf(externalUrl) ? "Runbook page" : `Runbook page (${host})`;
  };
  return pages.map((page) => link(page, label(page))).filter((page) => page !== undefined);
}

function hostOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).host : undefined;
}

/** Who is on it. */
function runLine(run: AnyRun, externalUrl: string): Block {
  const who = run.status === "open" ? `${bold(run.assignee.name)} is on it` : `by ${bold(run.startedBy.name)}`;
  return context(`:book: ${line(run.runbook.title)}: ${nowWords(run)}`, who, link(pageOf(run, externalUrl), "web"));
}
