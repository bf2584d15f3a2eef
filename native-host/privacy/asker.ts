/** Who asks for something: the name goes into records, and what came through a browser may do less. */
export type Asker = { readonly name: string; readonly viaBrowser: boolean }
