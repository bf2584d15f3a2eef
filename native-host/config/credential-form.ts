/**
 * The form of S3 credentials: printable, without spaces and quotes, so that they survive every tool's file
 * format.
 */
const credentialForm = /^[!#-&(-~]{1,4096}$/

export function isCredential(text: string): boolean {
  return credentialForm.test(text)
}

/** AWS, Ceph and most others: capitals and digits, of about twenty characters. */
const keyIdForm = /^(?=.*[A-Z])[A-Z0-9]{16,24}$/
const awsKeyIdForm = /^A(KIA|SIA)[A-Z0-9]{12,20}$/
/** Forty characters of base64. Oracle's access keys have forty as well, all of them hexadecimal. */
const secretForm = /^(?![0-9a-f]+$)[A-Za-z0-9+/]{38,64}={0,2}$/

export function looksLikeKeyId(text: string): boolean {
  return keyIdForm.test(text)
}

export function looksLikeSecret(text: string): boolean {
  const mixed = /[a-z]/.test(text) && /[A-Z]/.test(text)
  return secretForm.test(text) && !/^[A-Z]+$/.test(text) && (text.length === 40 || mixed)
}

/**
 * Whether two values are swapped, as far as their forms tell. `one twice`: both are ids, or both are
 * secrets, and the other one is missing.
 */
export function orderOf(accessKeyId: string, secretAccessKey: string): 'right' | 'swapped' | 'one twice' {
  if (looksLikeKeyId(accessKeyId))
    return awsKeyIdForm.test(accessKeyId) && awsKeyIdForm.test(secretAccessKey) ? 'one twice' : 'right'
  if (looksLikeKeyId(secretAccessKey) && accessKeyId.length >= 30) return 'swapped'
  return looksLikeSecret(accessKeyId) || awsKeyIdForm.test(secretAccessKey) ? 'one twice' : 'right'
}

/** Enough of an id to recognise it. A value that does not look like an id may be a misplaced secret. */
export function showKeyId(text: string): string {
  return looksLikeKeyId(text) ? `${text.slice(0, 4)}…${text.slice(-4)}` : '[set]'
}

const placeholderForms = [
  // <access key>, ${BUCKET}, {{bucket}}, %BUCKET%, ****, xxxx, …
  /^(<.*>|\$?\{.*\}|\[.*\]|%.*%|\*{3,}|x{4,}|\.{3,}|…|-{3,}|\?+)$/i,
  /^(https?:\/\/)?(enter|insert|put|add|paste|use|replace([-_ ]with)?)?[-_ ]?your(?=[-_. ]|access|aws|bucket|s3|secret|key|token)/i,
  /^(change|replace|fill|insert|edit)[-_ ]?(me|this|here|in)$|placeholder|[-_ ](goes[-_ ])?here$/i,
  /^(aws[-_ ]?)?(s3[-_ ]?)?(access[-_ ]?key([-_ ]?id)?|secret([-_ ]?access)?[-_ ]?key|session[-_ ]?token|bucket[-_ ]?name)$/i,
  /^AKIAX{6,}/,
]

/** Placeholders of templates in place of a value. */
export function isPlaceholder(text: string): boolean {
  return placeholderForms.some(form => form.test(text))
}
