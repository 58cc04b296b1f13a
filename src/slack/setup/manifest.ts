import { COMMAND } from "../ids.ts";
import type { SlackNeeds } from "./needs.ts";
import { EVENTS, scopesFor } from "./scopes.ts";

/** A manifest of a Slack app, version 2: what Slack's page "From a manifest" takes, as YAML or JSON. */
export type Manifest = Readonly<Record<string, unknown>>;

/** Where Slack posts to in HTTP mode; one address for everything. */
export const REQUEST_PATH = "/slack/events";

/** Gives the address that Slack posts to, of the base by which Slack reaches this program. */
export function requestUrl(base: string): string {
  const bare = base.replace(/\/+$/u, "");
  return bare.endsWith(REQUEST_PATH) ? bare : `${bare}${REQUEST_PATH}`;
}

/** Makes the manifest of the app that a configuration needs, with no permission more. `url` is given in HTTP mode only. */
export function manifestFor(needs: SlackNeeds, url: string | undefined): Manifest {
  const user = scopesFor(needs, "user");
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: "sealwatch",
      description: "Runs Vault runbooks step by step, with approvals.",
      background_color: "#1a1a2e",
    },
    features: {
      // Direct messages arrive in the messages tab; nobody can write there.
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: "sealwatch", always_online: true },
      slash_commands: [
        {
          command: COMMAND,
          ...(url === undefined ? {} : { url }),
          description: "Vault: status, runbooks, backups, leases",
          usage_hint: "status | runbook [id] [target] | runs | backup | leases | help",
          should_escape: false,
        },
      ],
    },
    oauth_config: { scopes: { bot: scopesFor(needs, "bot"), ...(user.length === 0 ? {} : { user }) } },
    settings: {
      event_subscriptions: {
        ...(url === undefined ? {} : { request_url: url }),
        bot_events: EVENTS.filter(({ isNeeded }) => isNeeded(needs)).map(({ event }) => event),
      },
      interactivity: {
        is_enabled: true,
        ...(url === undefined ? {} : { request_url: url, message_menu_options_url: url }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: needs.mode === "socket",
      token_rotation_enabled: false,
    },
  };
}
