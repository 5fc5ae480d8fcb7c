import { useEffect, useState } from 'preact/hooks'
import { browser } from 'wxt/browser'
import type { COMMANDS } from './groups.ts'

type Command = (typeof COMMANDS)[number][0]

/** The keys of the whole browser as it has them now: the user may have chosen others. Empty where there are none. client:KEY1, RCH3 */
export function useBound(): ReadonlyMap<Command, string[]> | undefined {
  const [bound, setBound] = useState<ReadonlyMap<Command, string[]>>()
  useEffect(() => {
    void browser.commands
      .getAll()
      .then((all) => setBound(new Map(all.map(({ name = '', shortcut = '' }) => [name as Command, keysOf(shortcut)]))))
  }, [])
  return bound
}

/** `Alt+Shift+M`, or signs without anything between them on a Mac. */
function keysOf(shortcut: string): string[] {
  return shortcut === '' ? [] : shortcut.split(/\+(?=.)/)
}
