import { createHash } from "node:crypto";
import type { Finding } from "../lib/finding.ts";
import type { Declarations } from "../runbook/declarations.ts";
import { includedIn, type Library } from "../runbook/library.ts";
import { lintRunbook } from "../runbook/lint.ts";
import type { ParsedRunbook } from "../runbook/parse.ts";
import type { CatalogEntry } from "./entry.ts";
import type { Shelf } from "./shelf.ts";

/** A file as it was judged. */
export type Judgement =
  { readonly ok: true; readonly entry: CatalogEntry } | { readonly ok: false; readonly findings: readonly Finding[] };

/** Judge says of each file of a shelf whether it is good, once. */
export type Judge = { readonly judge: (name: string) => Judgement };

type Rules = { readonly declarations: Declarations; readonly groups?: readonly string[] };

const NOT_READ: Judgement = { ok: false, findings: [] };

/** Makes the judge of a shelf; `listed` holds the names of all files of the directory, for those that were not read. */
export function createJudge(shelf: Shelf, rules: Rules, listed: readonly string[]): Judge {
  const judgements = new Map<string, Judgement>();
  const judge = (name: string): Judgement => {
    const held = judgements.get(name);
    if (held !== undefined) return held;
    // A circle comes back here while its first runbook is judged; another rule says so.
    judgements.set(name, NOT_READ);
    const shelved = shelf.get(name);
    const judgement = shelved?.ok === true ? judgeParsed(shelved.parsed) : (shelved ?? NOT_READ);
    judgements.set(name, judgement);
    return judgement;
  };
  const library: Library = {
    ids: listed.flatMap((name) => (name.endsWith(".yaml") ? [name.slice(0, -".yaml".length)] : [])),
    get: (id) => parsedAs(shelf, id)?.runbook,
    isBroken: (id) => parsedAs(shelf, id) === undefined || !judge(`${id}.yaml`).ok,
  };
  const judgeParsed = (parsed: ParsedRunbook): Judgement => {
    const { runbook, text, file } = parsed;
    const { declarations, groups } = rules;
    const findings = lintRunbook(parsed, declarations, { library, ...(groups && { groups }) });
    if (findings.length > 0) return { ok: false, findings };
    const included = includedIn(runbook, library);
    const digest = digestOf(text, Object.keys(included), (id) => judge(`${id}.yaml`));
    return { ok: true, entry: { runbook, included, text, digest, file } };
  };
  return { judge };
}

/** A file that holds another runbook than its name says is no good to anybody who includes it. */
function parsedAs(shelf: Shelf, id: string): ParsedRunbook | undefined {
  const shelved = shelf.get(`${id}.yaml`);
  return shelved?.ok === true && shelved.parsed.runbook.id === id ? shelved.parsed : undefined;
}

/** NUL stands in no YAML, so no text of a runbook reads like another with its includes. */
function digestOf(text: string, ids: readonly string[], judge: (id: string) => Judgement): string {
  const parts = ids.flatMap((id) => {
    const judged = judge(id);
    return judged.ok ? [`\0${id}\0${judged.entry.digest}`] : [];
  });
  return sha256(text, ...parts);
}

function sha256(...texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text, "utf8");
  return hash.digest("hex");
}
