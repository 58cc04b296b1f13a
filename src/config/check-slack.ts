import { suggestion } from "../lib/nearest.ts";
import type { DocumentPath } from "../document/positions.ts";
import type { ConfigProblem } from "./problem.ts";
import type { Config } from "./schema.ts";
import type { Slack } from "./sections/slack.ts";

/** Refuses a Slack section that cannot work: without what its mode needs, with channels for unknown clusters, or with waits in the wrong order. */
export function checkSlack({ slack, clusters }: Pick<Config, "slack" | "clusters">): readonly ConfigProblem[] {
  if (slack === undefined) return [];
  const known = clusters.map(({ name }) => name);
  return [
    ...checkMode(slack),
    ...Object.keys(slack.channels).flatMap((name) =>
      known.includes(name)
        ? []
        : [
            problem(["slack", "channels", name], {
              rule: "unknown-name",
              message: `there is no cluster "${name}"${suggestion(name, known)}`,
              on: "key",
            }),
          ],
    ),
    ...(slack.escalateAfter > slack.remindAfter
      ? []
      : [
          problem(["slack", "escalateAfter"], {
            rule: "choice",
            message: "people are reminded first: `escalateAfter` must be longer than `remindAfter`",
          }),
        ]),
  ];
}

const NEEDED = { socket: "appToken", http: "signingSecret" } as const;

function checkMode({ mode, ...slack }: Slack): readonly ConfigProblem[] {
  const needed = NEEDED[mode];
  const other = mode === "socket" ? "signingSecret" : "appToken";
  const missing = `mode ${mode} needs \`${needed}\`${slack[other] === undefined ? "" : `; \`${other}\` is for mode ${mode === "socket" ? "http" : "socket"}`}`;
  return slack[needed] === undefined ? [problem(["slack"], { rule: "choice", message: missing, on: "key" })] : [];
}

function problem(path: DocumentPath, what: Pick<ConfigProblem, "rule" | "message" | "on">): ConfigProblem {
  return { path, severity: "error", ...what };
}
