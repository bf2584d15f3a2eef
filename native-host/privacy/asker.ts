/** The client that makes a request: its name goes into records, and requests through a browser may do less. */
export type Asker = { readonly name: string; readonly viaBrowser: boolean }
