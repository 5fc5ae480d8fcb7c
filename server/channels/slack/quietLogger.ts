import { type Logger, LogLevel } from '@slack/web-api'

const say = () => {}

/** Slack's libraries write what they send and get into their log; ours must hold neither tokens nor messages. relay:LOG1 */
export const quietLogger: Logger = {
  debug: say,
  info: say,
  warn: say,
  error: say,
  setLevel: say,
  setName: say,
  getLevel: () => LogLevel.ERROR,
}
