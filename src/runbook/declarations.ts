import type { z } from "zod";
import type { Danger } from "../lib/danger.ts";

/** What the language knows of a check. */
export type CheckDeclaration = { readonly input: z.ZodObject; readonly output: z.ZodObject };

/** What the language knows of an action. */
export type ActionDeclaration = CheckDeclaration & { readonly danger: Exclude<Danger, "observe"> };

/** Declarations are the checks and actions that runbooks may name. The registry of actions has this shape. */
export type Declarations = {
  readonly checks: ReadonlyMap<string, CheckDeclaration>;
  readonly actions: ReadonlyMap<string, ActionDeclaration>;
};
