/*
 * `npm run bench -- [NAME …]`: runs the benches of this folder one after the other, each in a process of its own. `exporter` stands for all
 * that the exporter has; without a name, all there are. Every bench prints the ratio to its floor, measured side by side in the same run.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  exporter: ["exporter", "passthrough", "lease-walk", "backup-listing", "start"],
  investigation: ["audit-log"],
  language: ["lint", "refuse"],
  store: ["append"],
  slack: ["slack-ack", "alert-card", "open-runs"],
};

const fileOf = (name: string): string => fileURLToPath(new URL(`${name}.ts`, import.meta.url));

const asked = process.argv.slice(2);
const names = (asked.length === 0 ? Object.keys(GROUPS) : asked).flatMap((name) => GROUPS[name] ?? [name]);
const unknown = names.filter((name) => !existsSync(fileOf(name)));
if (unknown.length > 0) {
  process.stderr.write(`cannot run the bench ${unknown.join(", ")}: there is no test/bench/${unknown[0]}.ts\n`);
  process.exit(2);
}
let failed = false;
for (const name of names) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(process.execPath, [fileOf(name)], { stdio: "inherit" });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
