import { Client, DatabaseError, Pool, type PoolClient } from "pg";
import type { Timers } from "../../lib/clock.ts";
import { FailureError } from "../../lib/failure.ts";
import { silentLogger, type Logger } from "../../lib/logger.ts";
import { wait } from "../../lib/wait.ts";
import { clientConfig, describePlace, SESSION, type PostgresOptions } from "./connection.ts";
import { codeOf, postgresFailure } from "./failure.ts";

/** One statement with its values. */
export type Statement = { readonly text: string; readonly values?: readonly unknown[] };

/**
 * What may be done when a connection breaks. `unsent`: run it again when it was never sent. `once`: run it again, on a new connection; that
 * does no harm when the first was carried out. `settle`: as `once`, and then again until it is known what became of it.
 */
export type Again = "unsent" | "once" | "settle";

/** What is asked, in words for errors, and what may be done when the connection breaks. */
export type Asking = { readonly what: string; readonly again: Again };

/** Database is a small pool of connections that replaces what breaks. */
export type Database = {
  /** Names it in messages. */
  readonly where: string;
  /** Runs one statement, a transaction of its own, and gives its rows. Throws `FailureError`. */
  readonly ask: (asking: Asking, statement: Statement) => Promise<readonly unknown[]>;
  /** Runs several statements on one connection, once. Throws `FailureError`. */
  readonly withConnection: <T>(what: string, work: (client: PoolClient) => Promise<T>) => Promise<T>;
  /** Makes a connection outside the pool, with a name that the server shows; the caller connects and ends it. */
  readonly newClient: (name: string) => Client;
  readonly close: () => Promise<void>;
};

const MOST_CONNECTIONS = 5;
const IDLE_MS = 60_000;
/** Pauses before each try, in milliseconds. The second is at once; the others look for a statement's fate, for as long as a fail-over should take. */
const PAUSES_MS = [0, 0, 100, 200, 400, 800, 1500, 2000, 2000, 2000, 3000];

/** Opens a pool; connects to nothing yet. */
export function openDatabase(options: PostgresOptions): Database {
  return new PooledDatabase(options);
}

type Outcome =
  | { readonly ok: true; readonly rows: readonly unknown[] }
  | { readonly ok: false; readonly error: unknown; readonly fate: Fate };

/** `refused`: the server said no. `again`: it did nothing, and may do it the next time. `unknown`: it was sent, and no answer came. */
type Fate = "refused" | "again" | "unknown";

class PooledDatabase implements Database {
  readonly where: string;
  readonly #config;
  readonly #timers: Timers;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  #pool: Pool;

  constructor(options: PostgresOptions) {
    this.where = describePlace(options);
    this.#config = clientConfig(options);
    this.#timers = options.timers;
    this.#logger = options.logger ?? silentLogger;
    this.#pool = this.#newPool();
  }

  async ask({ what, again }: Asking, statement: Statement): Promise<readonly unknown[]> {
    let unknown: FailureError | undefined;
    for (const [tries, pause] of PAUSES_MS.entries()) {
      if (pause > 0) await wait(pause, this.#timers, this.#closing.signal);
      const outcome = await this.#try(statement);
      if (outcome.ok) return outcome.rows;
      const failure = postgresFailure({ what, where: this.where }, outcome.error);
      if (outcome.fate === "unknown") unknown ??= failure;
      if (!this.#mayRepeat(again, tries, outcome.fate, unknown !== undefined)) throw failure;
    }
    throw this.#neverKnown(what, unknown);
  }

  #neverKnown(what: string, why: FailureError | undefined): FailureError {
    const message =
      `cannot say whether it was possible to ${what} in ${this.where}: the connection broke before the answer came, and nobody ` +
      "could be asked since; it will show when the database is up again";
    return new FailureError({ reason: "unreachable", retryable: true, message }, { cause: why });
  }

  #mayRepeat(again: Again, tries: number, fate: Fate, unknown: boolean): boolean {
    if (this.#closing.signal.aborted) return false;
    if (again === "settle" && unknown) return true;
    if (tries > 0) return false;
    return fate === "again" || (fate === "unknown" && again !== "unsent");
  }

  async #try({ text, values = [] }: Statement): Promise<Outcome> {
    const pool = this.#pool;
    let client: PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      return { ok: false, error, fate: isFinal(error) ? "refused" : "again" };
    }
    try {
      const { rows } = await client.query(text, [...values]);
      client.release();
      return { ok: true, rows };
    } catch (error) {
      const fate = fateOf(error);
      client.release(fate !== "refused");
      if (fate !== "refused") this.#replace(pool);
      return { ok: false, error, fate };
    }
  }

  /** When one connection broke, its idle neighbours are likely to be as dead: the next statement gets a new one. */
  #replace(broken: Pool): void {
    if (this.#pool !== broken || this.#closing.signal.aborted) return;
    this.#pool = this.#newPool();
    this.#retire(broken);
  }

  #retire(pool: Pool): void {
    pool.end().catch((error: unknown) => this.#logger.debug("a pool did not end", { why: String(error) }));
  }

  #newPool(): Pool {
    const pool = new Pool({
      ...this.#config,
      max: MOST_CONNECTIONS,
      idleTimeoutMillis: IDLE_MS,
      // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, which its types do not say
      onConnect: async (client) => void (await client.query(SESSION)),
    });
    // Errors of idle connections: the pool has thrown them away already. Without a listener they would end the process.
    pool.on("error", (error) => this.#logger.debug("an idle connection broke", { why: error.message }));
    pool.on("connect", (client) => client.on("error", () => {}));
    return pool;
  }

  async withConnection<T>(what: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined;
    try {
      client = await this.#pool.connect();
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      // Whatever state it was left in, nobody meets it again.
      client?.release(true);
      throw postgresFailure({ what, where: this.where }, error);
    }
  }

  newClient(name: string): Client {
    return new Client({ ...this.#config, application_name: name });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#pool.end();
  }
}

/** SQLSTATEs by which the server says that it goes away, or that the connection does: what became of a commit is then open. */
const GOING_AWAY = new Set(["57P01", "57P02", "08000", "08003", "08006"]);
/** SQLSTATEs that promise that nothing was done, and that say nothing of the next time. */
const NOTHING_DONE = new Set(["57P03", "53300", "25006", "40001", "40P01", "08001", "08004"]);

function fateOf(error: unknown): Fate {
  if (!(error instanceof DatabaseError)) return "unknown";
  const code = codeOf(error) ?? "";
  if (GOING_AWAY.has(code)) return "unknown";
  return NOTHING_DONE.has(code) ? "again" : "refused";
}

/** Whether a connection that did not come about will not the next time either. */
function isFinal(error: unknown): boolean {
  return error instanceof DatabaseError && fateOf(error) === "refused";
}
