import type { Command } from "commander";
import type { SearchFlags } from "./audit-log/parse-search.ts";
import { configOption, jsonOption, type Cli } from "./options.ts";

/** Adds `sealwatch audit-log …`: what shipped audit logs tell. */
export function addAuditLogCommands(program: Command, { io, env, signal, done }: Cli): void {
  program
    .command("audit-log")
    .description("investigate with shipped audit logs")
    .command("search")
    .description(
      "say who touched what: requests, refusals, mounts and operations of each token, and never a value; with --list, write the living ones down for vault.revoke-list",
    )
    .requiredOption(
      "--file <file>",
      "log of one audit device, plain or gzip, - for the standard input; repeatable",
      all,
    )
    .option("--from <time>", "only records since then: 2026-01-31T03:02:00Z, or how long ago: 90m")
    .option("--to <time>", "only records before then")
    .option("--path <prefix>", "only requests whose path begins so")
    .option("--operation <name>", "only read, update, list …; repeatable", all)
    .option("--display-name <name>", "only of this name; repeatable", all)
    .option("--entity <id>", "only of this identity; repeatable", all)
    .option("--accessor <accessor>", "only of this token, as a search shows its accessor; repeatable", all)
    .option(
      "--hash-of <file>",
      "only records with one of these values (accessors, tokens, secrets), a line each, - for the standard input; Vault hashes them",
    )
    .option("--device <name>", "audit device that wrote the log: its salt is what hashes are compared by")
    .option("--paths", "also count by path", false)
    .option("--list <name>", "match with living tokens and write the list for vault.revoke-list")
    .option("--most-tokens <number>", "compare at most so many living tokens", "50000")
    .option("--cluster <name>", "the cluster; needed when there are several")
    .option("--token-file <file>", "file with your own token; default: the cluster's token for reading")
    .addOption(configOption(env))
    .addOption(jsonOption())
    .action(async ({ config, ...flags }: SearchFlags & { readonly config: string }) => {
      const { auditLogSearch } = await import("./subcommands/audit-log-search.ts");
      const settings = async () => await (await import("./settings.ts")).settingsFor(io, config, env);
      done(await auditLogSearch({ io, env, signal, stdin: process.stdin, settings }, flags));
    });
}

function all(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
