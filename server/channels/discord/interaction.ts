import { InteractionType } from 'discord-api-types/v10'
import * as z from 'zod'
import { sentAt } from '../../inbox/sentAt.ts'
import { nameOf, type Received } from './inbound.ts'
import { userSchema } from './message.ts'
import { timeOf } from './snowflake.ts'

const id = z.string().min(1).max(64)
const kind = <S extends z.ZodType>(schema: S) => schema.nullish().catch(undefined)

/** Options of a command, those of subcommands inside of them. */
type Option = { name: string; value?: unknown; options?: Option[] | null | undefined }
const optionSchema: z.ZodType<Option> = z.lazy(() =>
  z.object({ name: z.string(), value: z.unknown().optional(), options: z.array(optionSchema).nullish() }),
)

/** A form's fields, in rows or under labels. */
type Field = { value?: unknown; values?: unknown; components?: Field[] | null | undefined; component?: Field | null | undefined }
const fieldSchema: z.ZodType<Field> = z.lazy(() =>
  z.object({
    value: z.unknown().optional(),
    values: z.unknown().optional(),
    components: z.array(fieldSchema).nullish(),
    component: fieldSchema.nullish(),
  }),
)

export const interactionSchema = z.object({
  id,
  type: z.int(),
  token: z.string().min(1),
  channel_id: kind(id),
  guild_id: kind(id),
  /** In a direct message. */
  user: kind(userSchema),
  /** In a guild. */
  member: kind(z.object({ user: userSchema })),
  message: kind(z.object({ id })),
  data: kind(
    z.object({
      name: kind(z.string()),
      options: kind(z.array(optionSchema)),
      custom_id: kind(z.string()),
      values: kind(z.array(z.string())),
      components: kind(z.array(fieldSchema)),
    }),
  ),
})
export type DiscordInteraction = z.infer<typeof interactionSchema>

/** Who did what where, and what is stored of it if they may. Undefined for kinds that say nothing. relay:DC6, CUR11 */
export function readInteraction(interaction: DiscordInteraction): Received | undefined {
  const user = interaction.member?.user ?? interaction.user
  const content = contentOf(interaction)
  const { channel_id, guild_id } = interaction
  if (!user || !channel_id || content === undefined) return undefined
  return {
    senderId: user.id,
    chatId: channel_id,
    private: !guild_id,
    text: '',
    inbound: {
      from: nameOf(user),
      content,
      metadata: {
        discordChannelId: channel_id,
        senderId: user.id,
        messageId: interaction.message?.id ?? interaction.id,
        ...(guild_id && { guildId: guild_id }),
        interactionId: interaction.id,
        ...sentAt(timeOf(interaction.id)),
      },
      target: channel_id,
      dedupKey: interaction.id,
    },
  }
}

function contentOf({ type, data }: DiscordInteraction): string | undefined {
  switch (type) {
    case InteractionType.ApplicationCommand:
      return data?.name ? ['/', data.name, ...(data.options ?? []).map(optionText)].join('') : undefined
    case InteractionType.MessageComponent:
      return data?.values?.length ? data.values.join(', ') : (data?.custom_id ?? undefined)
    case InteractionType.ModalSubmit:
      return (data?.components ?? []).flatMap(fieldTexts).join('\n') || (data?.custom_id ?? undefined)
    default:
      return undefined
  }
}

/** As it is typed: ` name:value`, a subcommand with its own behind it. */
function optionText({ name, value, options }: Option): string {
  if (value !== undefined && value !== null) return ` ${name}:${String(value)}`
  return ` ${name}${(options ?? []).map(optionText).join('')}`
}

function fieldTexts({ value, values, components, component }: Field): string[] {
  const own = Array.isArray(values) ? [values.join(', ')] : value === undefined || value === null ? [] : [String(value)]
  return [...own, ...(components ?? []).flatMap(fieldTexts), ...(component ? fieldTexts(component) : [])]
}
