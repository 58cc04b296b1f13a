import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import type { ActionContext, Precondition, Probe } from "../action.ts";
import { defineAction } from "../action.ts";
import { argvText, fillCommand, requireExec, type FilledCommand } from "../exec-argv.ts";
import { nodeRead } from "../node-read.ts";
import { orUnknown } from "../or-unknown.ts";
import { identityPrecondition } from "../removal-preconditions.ts";
import type { ProcessEnd } from "../services.ts";

const Input = z.strictObject({
  /** Of the program, under `exec` in the configuration. */
  name: z.string().min(1),
  /** The node that it is about, where its arguments name one. */
  node: z.string().optional(),
});

/**
 * Runs a program that the configuration names, with the arguments that stand there: no shell, and nothing that people typed. What people
 * approve is its exact argv. What it did is told by the configured `verify`, and by people where there is none.
 */
export const run = defineAction({
  name: "exec.run",
  summary: "Run a configured program, for sites without Kubernetes",
  danger: "disruptive",
  effect: "once",
  input: Input,
  output: z.object({
    exit_code: z.int(),
    /** The last 8 kB of what it wrote, without what looks like a secret. */
    output: z.string(),
    /** It wrote more before that. */
    cut: z.boolean(),
  }),
  policy: [],
  grants: [],
  explain: ({ name, node }) => ({
    call: `the program ${about(name, node)}, with exactly the arguments of the fact "command"`,
    cost: `Whatever ${about(name, node)} does: its description is in the fact "command". It runs as sealwatch's own user, on sealwatch's machine.`,
    proof: `What the configuration has as \`verify\` of ${about(name, node)}; where it has none, people look.`,
  }),
  preconditions: async (context, input) => {
    const filled = fillCommand(context, input);
    const [identity, program] = await Promise.all([
      context.cluster.identity(nodeRead(context)),
      programFact(context, filled),
    ]);
    return [identityPrecondition(identity), commandFact(filled), program];
  },
  perform: async (context, input) => {
    const { command, argv } = fillCommand(context, input);
    const end = await requireExec(context).run(command, argv, { signal: context.signal });
    if (end.exitCode !== 0 || end.timedOut) throw endedBadly(command.name, end);
    return { exit_code: end.exitCode, output: end.output, cut: end.cut };
  },
  probe: async (context, input) => {
    const filled = fillCommand(context, input);
    return await orUnknown(context, async () => await look(context, filled));
  },
  verifyWithinMs: 60_000,
  performWithinMs: 600_000,
  probeTimeoutMs: 30_000,
  probeEveryMs: 5000,
});

function about(name: string, node: string | undefined): string {
  return node === undefined ? name : `${name} for ${node}`;
}

/** The arguments are the value: what was approved is what is run, or the approval is void. */
function commandFact({ command, argv, verify }: FilledCommand): Precondition {
  const proof =
    verify === undefined ? "; nothing looks for its effect" : `; its effect is looked for by: ${argvText(verify)}`;
  return {
    name: "command",
    ok: true,
    value: { argv: [...argv], verify: verify === undefined ? null : [...verify] },
    text: `${command.description}: ${argvText(argv)}${proof}`,
  };
}

async function programFact(context: ActionContext, { argv, verify }: FilledCommand): Promise<Precondition> {
  const programs = [argv[0] ?? "", ...(verify === undefined ? [] : [verify[0] ?? ""])];
  const { isExecutable } = requireExec(context);
  const { signal } = context;
  const found = await Promise.all(programs.map(async (program) => await isExecutable(program, { signal })));
  const missing = programs.filter((_, index) => found[index] !== true);
  const ok = missing.length === 0;
  const text = ok ? "it is there and may be run" : `${missing.join(" and ")} is not there, or sealwatch may not run it`;
  return { name: "program", ok, value: missing, text };
}

async function look(context: ActionContext, { command, verify }: FilledCommand): Promise<Probe> {
  if (verify === undefined || command.verify === undefined)
    return { verdict: "unknown", evidence: `${command.name} has no \`verify\`: look whether it took effect` };
  const end = await requireExec(context).verify(command, verify, { signal: context.signal });
  const { exitCode, timedOut } = end;
  const evidence = `${argvText(verify)} ${howItEnded(end)}`;
  if (timedOut) return { verdict: "unknown", evidence };
  if (exitCode === 0) return { verdict: "done", evidence };
  return { verdict: command.verify.notDone.includes(exitCode) ? "not-done" : "unknown", evidence };
}

/** No word that it did nothing: nobody knows how far it came. */
function endedBadly(name: string, end: ProcessEnd): FailureError {
  const last = end.output.trimEnd().split("\n").slice(-3).join(" / ");
  return new FailureError({
    reason: end.timedOut ? "timeout" : "server-error",
    retryable: false,
    message: `cannot tell that ${name} did its work: it ${howItEnded(end)}${last === "" ? "" : `, and wrote: ${last}`}; look what it did`,
  });
}

function howItEnded({ exitCode, endedBy, timedOut }: ProcessEnd): string {
  if (timedOut) return "took too long and was ended";
  return endedBy === "" ? `ended with code ${exitCode}` : `was ended by ${endedBy}`;
}
