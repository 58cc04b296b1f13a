import { z } from "zod";
import { atLeastOneSecondAtMost } from "./bounded-interval.ts";

/** What a whole argument may stand for; never a part of one, and never free text. */
export const EXEC_PLACEHOLDERS = ["{node}", "{cluster}", "{address}"] as const;

const Argument = z.string().superRefine((text, context) => {
  const held = text.match(/\{[a-z]+\}/gu) ?? [];
  const known: readonly string[] = EXEC_PLACEHOLDERS;
  if (held.length === 0 || known.includes(text)) return;
  context.addIssue({
    code: "custom",
    message: `"${text}" is refused: a placeholder is a whole argument, one of ${known.join(", ")}`,
  });
});

/** Argv is a program by its absolute path and its arguments, handed over as they are: no shell reads them. */
const Argv = z
  .array(Argument)
  .min(1)
  .max(100)
  .refine(
    ([program = ""]) => program.startsWith("/") && !program.includes("{"),
    "first the program, by its absolute path",
  );

const Verify = z.strictObject({
  argv: Argv.describe("Program that looks whether the effect is there and changes nothing; exit code 0: it is."),
  notDone: z
    .array(z.int().min(1).max(255))
    .default([])
    .describe("Exit codes that say that the effect is surely not there; every other says that nobody knows."),
  timeout: atLeastOneSecondAtMost(20).prefault("10s").describe("How long one look may take, 20s at most."),
});

/** Exec is a program that runbooks may run by its name (`exec.run`), for sites without Kubernetes. */
export const Exec = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/u, "a lower-case name")
    .describe("What runbooks call it."),
  description: z.string().min(1).describe("What it does, for those who approve it."),
  argv: Argv.describe(
    "Program by its absolute path, and its arguments; {node}, {cluster} and {address} stand for what is configured. No shell.",
  ),
  clusters: z.array(z.string().min(1)).min(1).optional().describe("Clusters that it is for; default: all."),
  directory: z.string().startsWith("/").default("/").describe("Where it runs."),
  timeout: atLeastOneSecondAtMost(540)
    .prefault("60s")
    .describe("After this it is ended with all that it started; 9m at most."),
  verify: Verify.optional().describe("How its effect is looked for; without it people say whether it is there."),
});
export type Exec = z.infer<typeof Exec>;
