import { FailureError } from "../lib/failure.ts";

/** What is missing, in words: `cannot <task>: <lack>; <advice>`. */
export type Lack = { readonly task: string; readonly lack: string; readonly advice: string };

/** Gives a service of the context; throws reason `refused` with what to configure when there is none. */
export function requiredService<T>(service: T | undefined, { task, lack, advice }: Lack): T {
  if (service !== undefined) return service;
  throw new FailureError({ reason: "refused", retryable: false, message: `cannot ${task}: ${lack}; ${advice}` });
}
