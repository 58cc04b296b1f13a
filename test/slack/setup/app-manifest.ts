import { z } from "zod";

/**
 * The form and the limits of an app manifest of version 2, as far as ours goes: Slack's own schema (slackapi/manifest-schema 2.0.0) has no licence
 * that would let it be copied, so its limits are written down here. Unknown keys are refused, as Slack does.
 */
const Url = z.url({ protocol: /^https$/u }).max(3000);
const Scopes = z.array(z.string().min(1).max(50)).min(1).max(255);

export const AppManifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.literal(1) }),
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/iu),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().min(1).max(80), always_online: z.boolean() }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^\//u).min(2).max(32),
          url: Url.optional(),
          description: z.string().min(1).max(2000),
          usage_hint: z.string().min(1).max(1000),
          should_escape: z.boolean(),
        }),
      )
      .min(1)
      .max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: Scopes, user: Scopes.optional() }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({
      request_url: Url.optional(),
      bot_events: z
        .array(z.string().max(50))
        .max(100)
        .refine((events) => new Set(events).size === events.length, "each event once"),
    }),
    interactivity: z.strictObject({
      is_enabled: z.boolean(),
      request_url: Url.optional(),
      message_menu_options_url: Url.optional(),
    }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});
