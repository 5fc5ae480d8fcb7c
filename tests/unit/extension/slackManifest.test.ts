import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { NEW_SLACK_APP, SLACK_MANIFEST } from '../../../lib/channels/slackManifest.ts'
import { ALL_SCOPES } from '../../fakes/slack/fake.ts'

describe('the manifest of a Slack app', () => {
  it('client:WIZ3 is the one in the guide, and the link fills in the same', () => {
    expect(readFileSync('docs/channels/slack.md', 'utf8')).toContain(`\`\`\`json\n${SLACK_MANIFEST}\n\`\`\``)
    expect(JSON.parse(new URL(NEW_SLACK_APP).searchParams.get('manifest_json') ?? '')).toEqual(JSON.parse(SLACK_MANIFEST))
  })

  it('client:WIZ3 asks for what the relay is tested with, and no more', () => {
    const { oauth_config, settings } = JSON.parse(SLACK_MANIFEST)
    expect(oauth_config.scopes.bot).toEqual(ALL_SCOPES)
    expect(settings.socket_mode_enabled).toBe(true)
  })
})
