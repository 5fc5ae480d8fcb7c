import * as z from 'zod/mini'

// The pages' content security policy forbids eval; zod would probe for it once per context. Import this before any schema.
z.config({ jitless: true })
