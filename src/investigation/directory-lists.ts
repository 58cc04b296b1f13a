import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { FailureError, type FailureReason } from "../lib/failure.ts";
import { REVOCATION_LIST_NAME } from "../lib/revocation-list.ts";
import { RevocationList } from "./revocation-list.ts";

/** A list as it was read, with the hash of its file. */
export type StoredList = RevocationList & { readonly digest: string };

/** RevocationLists keeps lists; one that is there is never changed. */
export type RevocationLists = {
  /** Stores a list under its own cluster and name, whole or not at all; throws reason `refused` when there is one of this name. */
  readonly save: (list: RevocationList) => Promise<{ readonly file: string; readonly digest: string }>;
  /** Finds a list; undefined when there is none of this name. Throws reason `invalid-answer` for a file that is no list. */
  readonly find: (
    cluster: string,
    name: string,
    options: { readonly signal: AbortSignal },
  ) => Promise<StoredList | undefined>;
};

const REASONS: Readonly<Record<string, FailureReason>> = {
  EACCES: "denied",
  EPERM: "denied",
  EROFS: "denied",
  ENOSPC: "refused",
  EDQUOT: "refused",
  ABORT_ERR: "aborted",
};

/** Nobody but sealwatch reads them: whoever has an accessor can end its token. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/** Some thousand bytes an item; a larger file is none of ours. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Creates the lists of a directory: `<directory>/<cluster>/<name>.json`. */
export function createDirectoryLists(directory: string): RevocationLists {
  return {
    save: async (list) => {
      const place = placeOf(directory, list.cluster, list.name);
      try {
        return await save(place, `${JSON.stringify(RevocationList.parse(list), undefined, 2)}\n`);
      } catch (error) {
        throw failureOf("save", place, error);
      }
    },
    find: async (cluster, name, { signal }) => {
      const place = placeOf(directory, cluster, name);
      try {
        const bytes = await readBounded(place, signal);
        return bytes === undefined ? undefined : { ...parseList(place, bytes), digest: digestOf(bytes) };
      } catch (error) {
        throw failureOf("read", place, error);
      }
    },
  };
}

type Place = { readonly cluster: string; readonly name: string; readonly directory: string; readonly file: string };

function placeOf(root: string, cluster: string, name: string): Place {
  // Clusters are named by the configuration, lists by people: neither may lead elsewhere.
  const plain = REVOCATION_LIST_NAME.test(name) && /^[a-z0-9][a-z0-9._-]*$/u.test(cluster);
  if (!plain) throw failure("refused", `cannot use "${name}" as the name of a list: it is no plain lower-case name`);
  const directory = path.join(root, cluster);
  return { cluster, name, directory, file: path.join(directory, `${name}.json`) };
}

/** Written beside, flushed, and then given its name by a link, which fails where a rename would replace. */
async function save({ directory, file }: Place, text: string): Promise<{ file: string; digest: string }> {
  await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
  const temporary = `${file}.${randomUUID()}.tmp`;
  const handle = await open(temporary, "wx", FILE_MODE);
  try {
    await handle.writeFile(text);
    await handle.sync();
    await link(temporary, file);
  } finally {
    await handle.close();
    await rm(temporary, { force: true });
  }
  await flush(directory);
  return { file, digest: digestOf(Buffer.from(text)) };
}

/** The new name is only as safe as the directory that has it. */
async function flush(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readBounded({ file }: Place, signal: AbortSignal): Promise<Buffer | undefined> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw new NoList(`it has ${size} bytes, and a list has at most ${MOST_BYTES}`);
    return await readFile(file, { signal });
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/** A file that is no list, and why. */
class NoList extends Error {}

function parseList({ cluster, name }: Place, bytes: Buffer): RevocationList {
  const parsed = RevocationList.safeParse(jsonOf(bytes));
  if (!parsed.success) throw new NoList(wrongWith(parsed.error.issues[0]));
  if (parsed.data.cluster !== cluster) throw new NoList(`it is of the cluster ${parsed.data.cluster}`);
  if (parsed.data.name !== name) throw new NoList(`it was made as ${parsed.data.name}`);
  return parsed.data;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    // What stands there may be an accessor: the parser's words quote it.
    throw new NoList("it is not JSON");
  }
}

/** Only where it is wrong and what was expected: zod's messages never quote what they got. */
function wrongWith(issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): string {
  if (issue === undefined) return "it has another form";
  return issue.path.length === 0 ? issue.message : `"${issue.path.join(".")}": ${issue.message}`;
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function failureOf(verb: "save" | "read", { cluster, name, file, directory }: Place, error: unknown): Error {
  if (error instanceof FailureError) return error;
  const what = `cannot ${verb} the list ${name} of ${cluster}`;
  if (error instanceof NoList)
    return failure("invalid-answer", `${what}: ${file} is no list, ${error.message}; make it anew`);
  const code = codeOf(error);
  if (code === "EEXIST")
    return failure("refused", `${what}: there is a list of this name, and none is ever replaced; choose another name`);
  const advice = `check that ${directory} is there and that sealwatch may ${verb === "save" ? "write" : "read"} it`;
  return failure(REASONS[code] ?? "unreachable", `${what}: ${code}; ${advice}`, error);
}

function failure(reason: FailureReason, message: string, cause?: unknown): FailureError {
  return new FailureError({ reason, retryable: reason === "unreachable", message }, { cause });
}

function codeOf(error: unknown): string {
  const { name, code } = Object(error) as { readonly name?: unknown; readonly code?: unknown };
  if (name === "AbortError") return "ABORT_ERR";
  return typeof code === "string" ? code : "unknown";
}
