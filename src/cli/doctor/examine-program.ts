import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "../../document/unreadable.ts";
import type { Settings } from "../../app/load-settings.ts";
import { probePostgres } from "../../app/open-store.ts";
import { DEFAULT_STORE_PATH, type Postgres } from "../../config/sections/store.ts";
import { toFailure } from "../../lib/failure.ts";
import { silentLogger } from "../../lib/logger.ts";
import type { Env } from "../settings.ts";
import { ok, problem } from "./diagnosis.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** Judges what sealwatch itself needs: the store, which is not changed here, and the runbooks, which are loaded already. */
export async function examineProgram(
  { config, runbooks }: Settings,
  env: Env,
): Promise<readonly { readonly rule: string; readonly diagnosis: Diagnosis }[]> {
  const { path = DEFAULT_STORE_PATH, postgres } = config.store;
  return [
    { rule: "store", diagnosis: await (postgres === undefined ? judgeFile(path) : judgePostgres(postgres, env)) },
    { rule: "runbooks", diagnosis: ok(`${runbooks.size} loaded: ${[...runbooks.keys()].join(", ")}`) },
  ];
}

async function judgePostgres(postgres: Postgres, env: Env): Promise<Diagnosis> {
  try {
    return ok(await probePostgres(postgres, { env, logger: silentLogger }));
  } catch (error) {
    return problem(toFailure(error).message, "nothing can be started or approved until the database answers");
  }
}

/** The directory too: SQLite writes its journal beside the file. */
async function judgeFile(path: string): Promise<Diagnosis> {
  const found = await whyNot(path, constants.R_OK | constants.W_OK);
  const beside = await whyNot(dirname(path), constants.W_OK | constants.X_OK);
  if (found !== undefined && found !== "ENOENT")
    return problem(
      `${path} cannot be written (${found})`,
      "correct its owner or mode, or store.path in the configuration",
    );
  if (beside !== undefined) {
    const fix = "create it or correct its owner, or set store.path in the configuration";
    return problem(`the directory ${dirname(path)} cannot be written (${beside})`, fix);
  }
  return ok(found === undefined ? path : `${path} (made at the first start)`);
}

async function whyNot(path: string, mode: number): Promise<string | undefined> {
  return await access(path, mode).then(
    () => undefined,
    (error: unknown) => errorCode(error) ?? "unknown error",
  );
}
