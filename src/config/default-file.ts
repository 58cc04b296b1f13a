/** The configuration file where nobody names another; without it the environment may name a server. */
export const DEFAULT_CONFIG_FILE = "sealwatch.yaml";
