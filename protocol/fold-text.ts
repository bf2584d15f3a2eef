/**
 * The form in which names are compared: as a person reads them, not as they are encoded. Full-width letters,
 * composed and combining marks, upper and lower case, the Turkish i with and without its dot, the final
 * sigma, and signs that no reader sees make no difference.
 */
export function foldText(text: string): string {
  return (
    text
      .normalize('NFKC')
      .replace(invisible, '')
      // Upper case first: it writes out what has no single counterpart, such as ß.
      .toUpperCase()
      .toLowerCase()
      .normalize('NFKD')
      .replaceAll('i\u0307', 'i')
      .replaceAll('ς', 'σ')
      .normalize('NFKC')
      .replace(/\s+/g, ' ')
      .trim()
  )
}

const invisible = /\p{Default_Ignorable_Code_Point}/gu
