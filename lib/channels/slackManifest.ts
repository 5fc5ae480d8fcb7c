/** The app that Slack makes of it has Socket Mode, the permissions and the events the relay works with. relay:SL1-SL5 */
const manifest = {
  display_information: { name: 'Chaos Relay' },
  features: {
    app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
    bot_user: { display_name: 'Chaos Relay', always_online: false },
  },
  oauth_config: {
    scopes: {
      bot: [
        'app_mentions:read',
        'channels:history',
        'chat:write',
        'files:read',
        'files:write',
        'groups:history',
        'im:history',
        'users:read',
      ],
    },
  },
  settings: {
    event_subscriptions: {
      bot_events: ['app_mention', 'app_uninstalled', 'message.channels', 'message.groups', 'message.im', 'tokens_revoked'],
    },
    socket_mode_enabled: true,
    token_rotation_enabled: false,
  },
}

/** As it is pasted under "From a manifest". */
export const SLACK_MANIFEST = JSON.stringify(manifest, null, 2)

/** Opens Slack's page for a new app with the manifest filled in. */
export const NEW_SLACK_APP = `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(manifest))}`
