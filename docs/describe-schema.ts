import type * as v from 'valibot'

/** A schema in the words of a reader: `text of at most 200`, `"hello"`, `instant or null`. */
export function describeSchema(schema: v.GenericSchema): string {
  const limits = 'pipe' in schema && Array.isArray(schema.pipe) ? limitsOf(schema.pipe.slice(1)) : ''
  const known = narrow(schema)
  switch (known.type) {
    case 'literal':
      return JSON.stringify(known.literal)
    case 'picklist':
      // The list of all error codes would fill the page, and has one of its own.
      return known.options.length > 10
        ? 'one of the known codes'
        : known.options.map(option => JSON.stringify(option)).join(' or ')
    case 'nullable':
      return `${describeSchema(known.wrapped)} or null`
    case 'optional':
      return `${describeSchema(known.wrapped)}, may be missing`
    case 'union':
      return known.options.map(describeSchema).join(' or ')
    case 'object':
      return `{ ${Object.entries(known.entries)
        .map(([name, entry]) => `${name}: ${describeSchema(entry)}`)
        .join(', ')} }`
    case 'record':
      return `by name: ${describeSchema(known.value)}`
    case 'array':
      return `list of ${describeSchema(known.item)}`
    case 'string':
      return limits === 'instant' ? limits : `text${limits}`
    default:
      return `${known.type}${limits}`
  }
}

/** The generic type hides `type`, by which valibot's schemas differ. */
type Known =
  | { type: 'literal'; literal: unknown }
  | { type: 'picklist'; options: readonly unknown[] }
  | { type: 'nullable' | 'optional'; wrapped: v.GenericSchema }
  | { type: 'union'; options: readonly v.GenericSchema[] }
  | { type: 'object'; entries: Record<string, v.GenericSchema> }
  | { type: 'record'; value: v.GenericSchema }
  | { type: 'array'; item: v.GenericSchema }
  | { type: 'string' | 'number' | 'boolean' }

function narrow(schema: v.GenericSchema): Known {
  return schema as unknown as Known
}

function limitsOf(actions: readonly { type: string; requirement?: unknown }[]): string {
  if (actions.some(({ type }) => type === 'iso_timestamp')) return 'instant'
  const max = actions.find(({ type }) => type === 'max_length')?.requirement
  return max === undefined ? '' : ` of at most ${max}`
}
