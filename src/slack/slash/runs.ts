import type { LoadedRun } from "../../runner/ports.ts";
import { say, section, type Content } from "../render/content.ts";
import { code, escape, link, time } from "../render/mrkdwn.ts";
import { pageOf } from "../render/run-card.ts";
import { markWords, nowWords } from "../render/run-words.ts";
import type { Subcommand } from "./subcommand.ts";

const OPEN = 20;
const ENDED = 5;

/** Lists the open runs and the last that ended. */
export const runs: Subcommand = {
  usage: "runs",
  summary: "open runs, and the last that ended",
  open: false,
  answer: async ({ runs: service, externalUrl }) => {
    const open = await service.list({ open: true, limit: OPEN });
    const ended = (await service.list({ limit: OPEN + ENDED }))
      .filter(({ run }) => run.status === "finished")
      .slice(0, ENDED);
    if (open.length + ended.length === 0)
      return say("There are no runs yet. `/vault runbook` lists what can be started.");
    return draw(
      [
        ["Open", open],
        ["Ended", ended],
      ],
      externalUrl,
    );
  },
};

function draw(parts: readonly (readonly [string, readonly LoadedRun[]])[], externalUrl: string): Content {
  const blocks = parts
    .filter(([, listed]) => listed.length > 0)
    .flatMap(([title, listed]) => [
      section(`*${title}*`),
      ...listed.map((loaded) => section(line(loaded, externalUrl))),
    ]);
  return { text: "Runs", blocks };
}

function line({ run }: LoadedRun, externalUrl: string): string {
  const name = link(pageOf(run, externalUrl), run.id) ?? code(run.id);
  return `${name} *${markWords(run)}${escape(run.runbook.title)}* on ${code(run.cluster)}, ${escape(run.startedBy.name)} ${time(run.startedAt)}\n${nowWords(run)}`;
}
