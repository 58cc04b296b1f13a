import type { AlertFact, AlertGroup } from "../../runner/ports.ts";
import { ACTIONS } from "../ids.ts";
import { buttons, context, header, section, type Block, type Content } from "./content.ts";
import { cut } from "./limits.ts";
import { code, escape, link, time } from "./mrkdwn.ts";
import { pageOf } from "./run-card.ts";
import { nowWords, type AnyRun } from "./run-words.ts";

const SHOWN_ALERTS = 6;
const SUMMARY = 400;

/** What an alert's card needs. */
export type AlertCard = {
  readonly group: AlertGroup;
  /** The short id that the button carries. */
  readonly id: string;
  /** The runbook that answers it, if any. */
  readonly runbook: { readonly id: string; readonly title: string } | undefined;
  /** Runs of this group, newest first. */
  readonly runs: readonly AnyRun[];
  readonly externalUrl: string;
};

/** Draws an alert group: what, where, since when, where to read on, and the button that opens its runbook. */
export function alertCard(card: AlertCard): Content {
  const { group } = card;
  const resolved = group.status === "resolved";
  const state = resolved
    ? `:white_check_mark: *Resolved* ${time(group.receivedAt)}`
    : `:rotating_light: *Firing* since ${time(group.startsAt)}`;
  const blocks: Block[] = [
    header(names(group)),
    section(`${state}\n${where(group)}`),
    ...alertBlocks(group),
    context(
      ...links(group),
      card.runbook === undefined ? "no runbook answers this alert; see `/vault runbook`" : undefined,
    ),
    ...card.runs.slice(0, 5).map((run) => runLine(run, card.externalUrl)),
    ...(resolved || card.runbook === undefined ? [] : [openButton(card.id, card.runbook.title)]),
  ];
  return { text: `${resolved ? "Resolved" : "Firing"}: ${escape(names(group))} ${where(group)}`, blocks };
}

function openButton(id: string, title: string): Block {
  return buttons({
    action: ACTIONS.openRunbook,
    text: `Open runbook: ${title}`,
    value: `alert:${id}`,
    style: "primary",
  });
}

function names(group: AlertGroup): string {
  const found = [...new Set(group.alerts.map((alert) => alert.labels["alertname"] ?? "Alert without a name"))];
  return found.length === 0 ? "Alert" : found.join(", ");
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
  return parts.map(([word, values]) => `${word} ${values.slice(0, 10).map(code).join(" ")}`).join(" · ");
}

function valuesOf(group: AlertGroup, label: string): readonly string[] {
  return [...new Set(group.alerts.map((alert) => alert.labels[label]).filter((value) => value !== undefined))];
}

function alertBlocks(group: AlertGroup): readonly Block[] {
  const lines = group.alerts.slice(0, SHOWN_ALERTS).map(alertLine);
  const more = group.alerts.length - lines.length;
  if (more > 0) lines.push(`_and ${more} more_`);
  return lines.length === 0 ? [] : [section(lines.join("\n"))];
}

function alertLine(alert: AlertFact): string {
  const said =
    alert.annotations["summary"] ??
    alert.annotations["description"] ??
    alert.annotations["message"] ??
    alert.labels["alertname"] ??
    "";
  const sign = alert.status === "resolved" ? ":white_check_mark:" : ":red_circle:";
  return `${sign} ${cut(escape(said), SUMMARY)}`;
}

function links(group: AlertGroup): readonly string[] {
  const pages = [...new Set(group.alerts.map((alert) => alert.annotations["runbook_url"]))].slice(0, 3);
  return pages.map((page) => link(page, "Runbook page")).filter((page) => page !== undefined);
}

function runLine(run: AnyRun, externalUrl: string): Block {
  return context(
    `:book: ${escape(run.runbook.title)}: ${nowWords(run)}`,
    `by *${escape(run.startedBy.name)}*`,
    link(pageOf(run, externalUrl), "web"),
  );
}
