import { z } from "zod";
import { scopeAt } from "../../engine/blocks.ts";
import type { FinishedRun, OpenRun, StepRecord, Values } from "../../engine/run.ts";
import type { Chart, ChartSeries } from "../../lib/chart.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { Json } from "../../lib/json.ts";
import { stepAtPath } from "../../runbook/step-path.ts";

type AnyRun = OpenRun | FinishedRun;

/** What a check counts: for each line its name and its value. */
type Count = readonly (readonly [name: string, value: number])[];

/** A check whose numbers people look at: what it counts, of what it answered and what it was asked. */
type Counted = {
  readonly title: string;
  readonly unit: string;
  readonly count: (result: Values, asked: Values) => Count;
};

const LeasesCount = z.object({ total_known: z.boolean(), total: z.number(), irrevocable: z.number() });
const Leases = z.object({ leases: z.number(), more: z.literal(false) });
const CaughtUp = z.object({ known: z.literal(true), leader_index: z.number().positive(), lag: z.number() });
const Asked = z.object({ prefix: z.string().optional(), node: z.string().optional() });

const COUNTED: Readonly<Record<string, Counted>> = {
  "vault.leases-count": {
    title: "Leases",
    unit: "leases",
    count: (result) => {
      const { data } = LeasesCount.safeParse(result);
      if (data === undefined) return [];
      return [...(data.total_known ? [["all", data.total] as const] : []), ["irrevocable", data.irrevocable]];
    },
  },
  "vault.leases": {
    title: "Leases below a prefix",
    unit: "leases",
    count: (result, asked) => {
      const { data } = Leases.safeParse(result);
      const { prefix } = Asked.safeParse(asked).data ?? {};
      return data === undefined || prefix === undefined ? [] : [[prefix, data.leases]];
    },
  },
  "vault.caught-up": {
    title: "Raft entries behind the leader",
    unit: "entries",
    count: (result, asked) => {
      const { data } = CaughtUp.safeParse(result);
      const { node } = Asked.safeParse(asked).data ?? {};
      return data === undefined || node === undefined ? [] : [[node, data.lag]];
    },
  },
};

/** Gives the chart of a check's numbers before and now: none unless one of its lines was counted earlier in the run too. */
export function beforeAndNow(run: AnyRun, step: StepRecord, marks: Chart["marks"]): readonly Chart[] {
  const name = checkOf(run, step.id);
  const counted = name !== undefined && Object.hasOwn(COUNTED, name) ? COUNTED[name] : undefined;
  if (counted === undefined) return [];
  const now = step.endedAt ?? 0;
  const alike = run.steps.filter(
    ({ id, status, endedAt }) => status === "done" && (endedAt ?? now + 1) <= now && checkOf(run, id) === name,
  );
  const lines = new Map<string, (readonly [Timestamp, number])[]>();
  for (const { id, endedAt } of alike.toSorted((left, right) => (left.endedAt ?? 0) - (right.endedAt ?? 0)))
    for (const [line, value] of countAt(run, id, counted))
      lines.set(line, [...(lines.get(line) ?? []), [endedAt ?? 0, value]]);
  const series = [...lines].map(([line, points]): ChartSeries => ({ name: line, points }));
  const compared = series.filter(({ points }) => points.length > 1);
  const told = new Set(countAt(run, step.id, counted).map(([line]) => line));
  if (!compared.some(({ name: line }) => told.has(line))) return [];
  return [{ title: `${counted.title}, before and now`, unit: counted.unit, series: compared, marks }];
}

function countAt(run: AnyRun, path: string, { count }: Counted): Count {
  const result = run.results[path];
  return result === undefined ? [] : count(result, askedAt(run, path));
}

/** The check that a step reads, once or until something is true. */
function checkOf(run: AnyRun, path: string): string | undefined {
  const step = stepAtPath(run, path);
  if (step === undefined) return undefined;
  if ("check" in step) return step.check;
  return "wait" in step ? step.wait : undefined;
}

/** What a step's check was asked, as far as it is a plain text or one reference: `${inputs.node}`, `${node}` in a round. */
function askedAt(run: AnyRun, path: string): Values {
  const step = stepAtPath(run, path);
  if (step === undefined || !("with" in step)) return {};
  const { inputs, items, steps } = scopeAt(run, path);
  const scope: Json = { ...items, inputs, steps };
  const read = Object.entries(step.with).map(
    ([name, value]) => [name, typeof value === "string" ? resolve(value, scope) : value] as const,
  );
  return Object.fromEntries(read.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

const REFERENCE = /^\$\{\s*(?<path>[a-z_]\w*(?:[.][a-z_]\w*)*)\s*\}$/u;

function resolve(text: string, scope: Json): Json | undefined {
  const path = REFERENCE.exec(text)?.groups?.["path"];
  if (path === undefined) return text.includes("${") ? undefined : text;
  return path.split(".").reduce<Json | undefined>((held, key) => property(held, key), scope);
}

function property(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
    return undefined;
  return (value as { readonly [name: string]: Json })[key];
}
