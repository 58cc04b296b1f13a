import type { Settings } from "../../app/load-settings.ts";
import { systemClock } from "../../app/system.ts";
import { createDirectoryLists } from "../../investigation/directory-lists.ts";
import { hashValue, hashValues } from "../../investigation/hash-values.ts";
import { makeRevocationList } from "../../investigation/make-list.ts";
import { openLog } from "../../investigation/open-log.ts";
import { HASHED, resolveAccessors } from "../../investigation/resolve-accessors.ts";
import type { LookedFor } from "../../investigation/record-filter.ts";
import { searchLogs, type Found } from "../../investigation/search-log.ts";
import { FailureError } from "../../lib/failure.ts";
import { MOST_REVOKED } from "../../lib/revocation-list.ts";
import { clusterOf, readValues, withActiveNode, type AskedCluster } from "../audit-log/ask-vault.ts";
import { parseSearch, type ParsedSearch, type SearchFlags } from "../audit-log/parse-search.ts";
import { createProgress, type Progress } from "../audit-log/progress.ts";
import { foundJson, foundText } from "../audit-log/render-found.ts";
import { EXIT, type Io } from "../io.ts";
import type { Env } from "../settings.ts";

/** What a search works with. The configuration is only read when Vault must be asked. */
export type SearchWorld = {
  readonly io: Io;
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly stdin: AsyncIterable<Buffer>;
  readonly settings: () => Promise<Settings | undefined>;
};

type Search = Extract<ParsedSearch, { ok: true }>;

/** Says who touched what in audit logs that were shipped, and makes the list of the tokens to revoke. */
export async function auditLogSearch(world: SearchWorld, flags: SearchFlags): Promise<number> {
  const { io } = world;
  const search = parseSearch(flags, systemClock.now());
  if (!search.ok) {
    io.err(`sealwatch audit-log search: ${search.why}`);
    return EXIT.badInput;
  }
  const progress = createProgress(io, systemClock);
  if (flags.hashOf === undefined && flags.list === undefined) {
    print(io, await read(world, { flags, search, progress }), flags.json);
    return EXIT.fine;
  }
  const settings = await world.settings();
  if (settings === undefined) return EXIT.badInput;
  const cluster = { config: clusterOf(settings, flags.cluster), tokenFile: flags.tokenFile, env: world.env };
  const values = await hashed(world, cluster, flags);
  const found = await read(world, { flags, search, progress, values });
  print(io, found, flags.json);
  if (flags.list === undefined) return EXIT.fine;
  return await writeList(world, { flags, search, progress, found, cluster, settings, name: flags.list });
}

type Reading = {
  readonly flags: SearchFlags;
  readonly search: Search;
  readonly progress: Progress;
  readonly values?: LookedFor | undefined;
};

async function read(world: SearchWorld, { flags, search, progress, values }: Reading): Promise<Found> {
  const { stdin, signal } = world;
  const needsDevice = flags.list !== undefined && flags.device === undefined;
  return await searchLogs({
    logs: flags.file.map((file) => async () => await openLog(file, { stdin, signal })),
    filter: { ...search.filter, values },
    paths: flags.paths,
    onProgress: progress.reading,
    // At the first record, and not after gigabytes.
    onMatch: ({ actor }) => {
      if (needsDevice && actor.accessor.startsWith(HASHED)) throw hashedLog();
    },
  });
}

/** Asks before anything is read, so that a device or a token that is wrong is told at once. */
async function hashed(
  { signal, stdin }: SearchWorld,
  cluster: AskedCluster,
  { hashOf, device }: SearchFlags,
): Promise<LookedFor | undefined> {
  if (device === undefined) return undefined;
  const plain = hashOf === undefined ? undefined : await readValues(hashOf, stdin);
  return await withActiveNode(cluster, signal, async (node) => {
    if (plain !== undefined) return { plain, hashes: await hashValues({ node, device, signal }, plain) };
    await hashValue({ node, device, signal }, "sealwatch");
    return undefined;
  });
}

type Listing = Reading & {
  readonly found: Found;
  readonly cluster: AskedCluster;
  readonly settings: Settings;
  readonly name: string;
};

async function writeList(world: SearchWorld, listing: Listing): Promise<number> {
  const { flags, search, progress, found, cluster, settings, name } = listing;
  const { investigations } = settings.config;
  if (investigations === undefined) throw nowhere(name);
  const { device = "" } = flags;
  const wanted = found.actors.flatMap((actor) => (actor.wanted && actor.accessor !== "" ? [actor.accessor] : []));
  const { signal, io } = world;
  const resolved = await withActiveNode(
    cluster,
    signal,
    async (node) =>
      await resolveAccessors({
        node,
        device,
        signal,
        wanted,
        mostTokens: search.mostTokens,
        onProgress: progress.hashing,
      }),
  );
  const { from, to } = search.filter;
  const parts = { cluster: cluster.config.name, name, madeAt: systemClock.now(), device, from, to, found, resolved };
  const list = makeRevocationList(parts);
  const { file, digest } = await createDirectoryLists(investigations.directory).save(list);
  const living = list.items.length;
  io.err(`${file}: ${living} living tokens to revoke, ${list.unresolved.length} actors without one; ${digest}`);
  if ([...resolved.living.values()].includes(resolved.own))
    io.err("the token that asked is one of them and was left out");
  if (living > MOST_REVOKED)
    io.err(`vault.revoke-list takes at most ${MOST_REVOKED} tokens: narrow the search, or revoke by prefix`);
  return EXIT.fine;
}

function print(io: Io, found: Found, json: boolean): void {
  if (json) io.out(JSON.stringify(foundJson(found), undefined, 2));
  else for (const line of foundText(found)) io.out(line);
}

function hashedLog(): FailureError {
  return new FailureError({
    reason: "refused",
    retryable: false,
    message:
      "cannot match the log with living tokens: its accessors are hashed; say with --device which audit device wrote it (sys/audit lists them)",
  });
}

function nowhere(name: string): FailureError {
  return new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot save the list ${name}: nowhere is configured; set investigations.directory`,
  });
}
