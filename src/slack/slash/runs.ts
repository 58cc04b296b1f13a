import type { LoadedRun } from "../../runner/ports.ts";
import { say, section, type Block, type Content } from "../render/content.ts";
import { cutMarkup } from "../render/cut.ts";
import { bold, code, line, link, time } from "../render/mrkdwn.ts";
import { pageOf } from "../render/run-card.ts";
import { markWords, nowWords } from "../render/run-words.ts";
import { clustersNamed } from "./clusters-named.ts";
import { fitLines } from "./fit-lines.ts";
import type { Subcommand } from "./subcommand.ts";

const OPEN = 20;
const ENDED = 5;
const NOW = 240;
const BUDGET = { open: 6000, ended: 1500 };

/** Lists the open runs and the last that ended. */
export const runs: Subcommand = {
  usage: "runs [cluster]",
  summary: "open runs, and the last that ended",
  open: false,
  answer: async ({ runs: service, clusters, externalUrl }, { words }) => {
    const named = clustersNamed(clusters, words);
    if ("refusal" in named) return named.refusal;
    const cluster = words.length === 0 ? {} : { cluster: named.clusters[0]?.name ?? "" };
    const open = await service.list({ ...cluster, open: true, limit: OPEN + 1 });
    const ended = await service.list({ ...cluster, open: false, limit: ENDED });
    if (open.length + ended.length === 0)
      return say("There are no runs yet. `/vault runbook` lists what can be started.");
    return draw({ open, ended }, externalUrl);
  },
};

type Listed = { readonly open: readonly LoadedRun[]; readonly ended: readonly LoadedRun[] };

function draw({ open, ended }: Listed, externalUrl: string): Content {
  const page = link(externalUrl, "the web page") ?? "the web page";
  const more = open.length > OPEN ? [`_more are open: ${page}_`] : [];
  const lines = [...open.slice(0, OPEN).map((loaded) => runLine(loaded, externalUrl)), ...more];
  return {
    text: "Runs",
    blocks: [
      ...part("Open", lines, BUDGET.open, page),
      ...part(
        "Ended",
        ended.map((loaded) => runLine(loaded, externalUrl)),
        BUDGET.ended,
        page,
      ),
    ],
  };
}

function part(title: string, lines: readonly string[], budget: number, page: string): readonly Block[] {
  if (lines.length === 0) return [];
  return [section(`*${title}*`), ...fitLines(lines, budget, (left) => `_and ${left} more: ${page}_`)];
}

function runLine({ run }: LoadedRun, externalUrl: string): string {
  const name = link(pageOf(run, externalUrl), run.id) ?? code(run.id);
  const what = `${name} ${bold(`${markWords(run)}${run.runbook.title}`)} on ${code(run.cluster, 80)}`;
  const now = cutMarkup(nowWords(run).replaceAll("\n", "; "), NOW);
  return `${what}, ${line(run.startedBy.name, 80)} ${time(run.startedAt)}\n${now}`;
}
