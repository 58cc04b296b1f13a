import { parentPort } from "node:worker_threads";
import { compare } from "bcryptjs";

/** What `compare-hash.ts` asks this thread: whether a password has that bcrypt hash. */
export type BcryptQuestion = { readonly password: string; readonly hash: string };

parentPort?.on("message", ({ password, hash }: BcryptQuestion) => {
  void compare(password, hash).then(
    (matches) => parentPort?.postMessage(matches),
    () => parentPort?.postMessage(false),
  );
});
