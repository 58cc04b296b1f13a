import type { Timestamp } from "../../lib/clock.ts";

/** What this process knows of an upload. */
export type UploadState =
  | { readonly name: "working" }
  /** Not begun, or to be repeated; `failures` counts how often it failed. */
  | { readonly name: "waiting"; readonly until: Timestamp; readonly failures: number }
  /** Uploaded; Slack is expected to show it `from` then on. */
  | { readonly name: "there"; readonly id: string; readonly from: Timestamp; readonly refusals: number }
  | { readonly name: "given-up" };

/** UploadStates holds the states of the last thousand uploads; what was forgotten is asked of the store again. */
export type UploadStates = {
  readonly get: (key: string) => UploadState | undefined;
  readonly set: (key: string, state: UploadState) => void;
};

const MOST = 1000;

/** Makes UploadStates, empty. */
export function createUploadStates(): UploadStates {
  const states = new Map<string, UploadState>();
  return {
    get: (key) => states.get(key),
    set: (key, state) => {
      states.delete(key);
      states.set(key, state);
      const [oldest] = states.keys();
      if (states.size > MOST && oldest !== undefined) states.delete(oldest);
    },
  };
}
