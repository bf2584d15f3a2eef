import * as v from 'valibot'

/** What stands in this page. @throws when it is not what the schema says */
export function readData<S extends v.GenericSchema>(schema: S): v.InferOutput<S> {
  const text = document.getElementById('data')?.textContent ?? 'null'
  return v.parse(schema, JSON.parse(text))
}
