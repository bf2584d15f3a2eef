import { counted } from '../../kernel/counted.ts'

const files = { one: 'file', other: 'files' }

/** What `export` asks and answers. What index.html says is in export-page.ts. */
export const exportText = {
  askBucket: (where: string) => `Your uploads are in ${where}. Read them too? [y/N] `,
  reading: (done: number) => `${counted(done, files)} opened …`,
  done: (folder: string) => `Saved in ${folder}. Begin with index.html.`,
  decrypted: 'Everything in it is decrypted. Anyone who can read this folder can read all of it.',
  bucketLeftOut: (where: string) =>
    `not included: ${where}. To include it, with your own credentials: --from-destination`,
  folderAway: (where: string) => `not included: ${where}, which is not there now`,
  setAside: (name: string) => `quarantine: ${name}`,
  failed: (count: number, of: number) =>
    `${count} of ${counted(of, files)} could not be opened; not-opened.txt in the folder lists each`,
  notOpened: (name: string, why: string) => `${name}: ${why}`,
}
