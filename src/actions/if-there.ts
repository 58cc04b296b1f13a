import { FailureError } from "../lib/failure.ts";

/** Gives what was read, or undefined when Vault says that it is not there. */
export async function ifThere<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof FailureError && error.reason === "not-found") return undefined;
    throw error;
  }
}
