import type { ConfigReaders } from "../../src/config/readers.ts";

/** An environment with everything that the good configuration names. */
export const env = {
  VAULT_OPERATOR_TOKEN: "operator",
  SLACK_APP_TOKEN: "app",
  SLACK_BOT_TOKEN: "bot",
  ALERTMANAGER_TOKEN: "alertmanager",
  EMPTY: "",
  SEVERAL_LINES: "one\ntwo",
};

/** A disk that holds these files and directories and nothing else; `texts` adds files or takes them away. */
export function fakeDisk(texts: Readonly<Record<string, string | undefined>> = {}): ConfigReaders {
  const files: Readonly<Record<string, string | undefined>> = {
    "/etc/sealwatch/ca.pem": "-----BEGIN CERTIFICATE-----\n",
    "/run/secrets/vault-token": "reader\n",
    ...texts,
  };
  return {
    readText: async (file) => {
      const text = files[file];
      if (text === undefined) throw Object.assign(new Error(`no ${file}`), { code: "ENOENT" });
      return await Promise.resolve(text);
    },
    isDirectory: async (path) => await Promise.resolve(["/", "/backups/prod"].includes(path)),
    isProgram: async (path) => await Promise.resolve(path === "/usr/bin/ssh"),
  };
}
