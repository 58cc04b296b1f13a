import { holderName, systemTimers } from "../../../src/app/system.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { openPostgresStore } from "../../../src/store/postgres/open.ts";
import type { ClusterLocks } from "../../../src/runner/ports.ts";
import { createChaosService } from "./chaos-world.ts";

/*
 * One process of the chaos suite: it carries runs until it is killed. It says its holder on a line of its own when it begins.
 * With the hook `stop-before-call` it stops itself when its call is recorded as attempted and about to leave: the locks are listed only then.
 */
const [port = "", database = "", vault = "", clusters = "", hook = ""] = process.argv.slice(2);

const store = await openPostgresStore({
  host: "127.0.0.1",
  port: Number(port),
  database,
  user: "sealwatch",
  readPassword: async () => new Secret("a-password-of-tests"),
  tls: { mode: "disable" },
  timers: systemTimers,
});
const holder = holderName();
const parts = hook === "stop-before-call" ? { ...store, locks: stopBeforeCall(store.locks) } : store;
const service = createChaosService({ store: parts, vault, holder, clusters: Number(clusters), logger: silentLogger });
await service.begin();
process.stdout.write(`${holder}\n`);

function stopBeforeCall(locks: ClusterLocks): ClusterLocks {
  return {
    ...locks,
    list: async () => {
      process.kill(process.pid, "SIGSTOP");
      return await locks.list();
    },
  };
}
